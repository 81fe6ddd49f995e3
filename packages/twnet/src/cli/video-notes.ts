/** What a person should know of an input: the notes of a video, each said once. */
import type { Video } from '@twnet/node/video/open-video';

/** A video's notes so far. */
export function notesOf(video: Video): readonly string[] {
  return (video as { readonly notes?: readonly string[] }).notes ?? [];
}

/** Hands on the notes that have come since it last did; a video's grow while it is read. */
export class NewNotes {
  #seen = 0;

  constructor(
    readonly video: Video,
    readonly say: (note: string) => void,
  ) {}

  tell(): void {
    const notes = notesOf(this.video);
    while (this.#seen < notes.length) this.say(notes[this.#seen++]);
  }
}
