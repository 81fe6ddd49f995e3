import { useEffect, useReducer } from 'preact/hooks';
import { Player } from './player.js';

export const player = new Player();

/** Renders a component again whenever something of the player has changed. */
export function usePlayer(): Player {
  const [, render] = useReducer((count: number, _: undefined) => count + 1, 0);
  useEffect(() => player.subscribe(() => render(undefined)), []);
  return player;
}
