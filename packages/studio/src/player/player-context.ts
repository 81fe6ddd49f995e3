/** The player that a page's components show. */
import { createContext } from 'preact';
import { useContext, useLayoutEffect, useReducer } from 'preact/hooks';
import type { Player } from './player.js';

export const PlayerContext = createContext<Player | undefined>(undefined);

/** Renders a component again whenever something of the player has changed. */
export function useChanges(player: Player): void {
  const [, render] = useReducer((count: number, _: undefined) => count + 1, 0);
  // At once: between an effect that waits for its turn and what is shown something could change unnoticed.
  useLayoutEffect(() => player.subscribe(() => render(undefined)), [player]);
}

/** The player around a component, which is rendered again whenever something of that has changed. */
export function usePlayer(): Player {
  const player = useContext(PlayerContext)!;
  useChanges(player);
  return player;
}
