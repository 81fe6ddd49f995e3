/** What the person should know of how a video is read. */

/** A stream that changes with every frame must not fill the memory with what is said of it. */
const LONGEST_LIST = 20;

/** Sentences, each said once. */
export class Notes {
  readonly list: string[] = [];

  add(sentence: string): void {
    if (this.list.includes(sentence)) return;
    if (this.list.length < LONGEST_LIST) this.list.push(sentence);
    else if (this.list.length === LONGEST_LIST) this.list.push('more such notes follow, too many to list');
  }
}
