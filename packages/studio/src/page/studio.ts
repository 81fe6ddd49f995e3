/** The studio's one player. */
import { useChanges } from '../player/player-context.js';
import { SegmentingPlayer } from './segmenting-player.js';

export const studio = new SegmentingPlayer();

export function useStudio(): SegmentingPlayer {
  useChanges(studio);
  return studio;
}
