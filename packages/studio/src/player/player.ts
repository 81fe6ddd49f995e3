/** What all players know and do: the video that is open, the frame that is shown, what lies over it, and playing. */
import type { Opened, ShownFrame } from '../shown.js';
import { FIRST_VIEW, type FramePlace, type View } from './view.js';

/** A frame that comes this much late does not move all that follow, ms. */
const LATE = 100;

export abstract class Player {
  phase: 'welcome' | 'opening' | 'ready' = 'welcome';
  opened: Opened | undefined;
  isLive = false;
  frame: ShownFrame | undefined;
  playing = false;
  view: View = FIRST_VIEW;
  error: string | undefined;
  /** Names of what {@link View.compares} lays beside each other. */
  sides: readonly [left: string, right: string] = ['with motion', 'every frame on its own'];

  #lastShown = 0;
  #clock = 0;
  readonly #listeners = new Set<() => void>();

  /** Of every frame that is labelled, by its number. */
  abstract readonly records: ReadonlyMap<number, FramePlace>;
  abstract readonly canCompare: boolean;
  /** Shows a frame, at once or as soon as it comes. */
  abstract seek(index: number): void;
  /** A frame that could be shown at once. */
  abstract held(index: number): ShownFrame | undefined;
  /** Whether nothing comes after the frame that is shown. */
  protected abstract readonly isAtEnd: boolean;

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get frameCount(): number | undefined {
    return this.opened?.index?.times.length;
  }

  look(view: Partial<View>): void {
    this.view = { ...this.view, ...view };
    this.changed();
  }

  toggleClass(id: number): void {
    const { hidden } = this.view;
    this.look({ hidden: hidden.includes(id) ? hidden.filter((each) => each !== id) : [...hidden, id] });
  }

  /** This class alone, or all again. */
  soloClass(id: number): void {
    const others = (this.opened?.classes ?? []).map((_, each) => each).filter((each) => each !== id);
    const isSolo = this.view.hidden.length === others.length && !this.view.hidden.includes(id);
    this.look({ hidden: isSolo ? [] : others });
  }

  toggle(): void {
    if (this.playing) this.pause();
    else this.play();
  }

  play(): void {
    if (this.phase !== 'ready' || this.isLive) return;
    if (this.isAtEnd) this.seek(0);
    this.playing = true;
    this.#lastShown = performance.now();
    this.#tick();
    this.changed();
  }

  pause(): void {
    this.playing = false;
    cancelAnimationFrame(this.#clock);
    this.changed();
  }

  step(by: number): void {
    this.pause();
    this.seek((this.frame?.index ?? 0) + by);
  }

  say(message: string | undefined): void {
    this.error = message;
    this.changed();
  }

  protected show(frame: ShownFrame): void {
    this.frame = frame;
    this.#lastShown = performance.now();
  }

  protected changed(): void {
    for (const listener of this.#listeners) listener();
  }

  #tick = (): void => {
    cancelAnimationFrame(this.#clock);
    if (!this.playing) return;
    this.#clock = requestAnimationFrame(this.#tick);
    const shown = this.frame;
    const next = shown && this.held(shown.index + 1);
    if (!next) {
      if (this.isAtEnd) this.pause();
      return;
    }
    const due = this.#lastShown + 1000 * (next.time - shown.time);
    if (performance.now() + 4 < due) return;
    const late = performance.now() - due;
    this.show(next);
    if (late < LATE) this.#lastShown = due;
    this.changed();
  };
}
