/**
 * Reads Python's pickle format as data. A pickle is a program for a stack machine that may call any Python
 * function; this reader knows the few instructions that PyTorch's state dicts need, and calls nothing: which
 * names may occur, and what stands for their results, is the caller's table.
 *
 * Dictionaries become Maps, lists and tuples arrays, integers numbers (or bigints).
 */
import { InputError } from '@twnet/core/errors';
import { type PickleText, pickleText } from './pickle-text.js';
import { printable } from './printable.js';

/** What a `module.name` in a pickle stands for. */
export interface PickleGlobal {
  readonly name: string;
  /** Result of calling it; absent where it may only be mentioned. */
  readonly call?: (args: readonly unknown[]) => unknown;
}

export interface PickleRules {
  /** The names that may occur, by `module.name`. */
  readonly globals: ReadonlyMap<string, PickleGlobal>;
  /** What a persistent id stands for. */
  readonly persistent: (id: unknown) => unknown;
}

/** Far above any state dict, whose tensors take some 35 steps and 8 containers each, and too few to fill the memory. */
const MOST_OPCODES = 4_000_000;
const MOST_CONTAINERS = 250_000;
const LONGEST_INTEGER = 16;

const MARK = Symbol('mark');

/**
 * Reads one pickle that starts at `offset`.
 *
 * @param source names the file in errors
 * @returns the value, and the offset behind the pickle
 * @throws InputError where the pickle is damaged, endless, or asks for anything that is not in `rules`
 */
export function readPickle(
  bytes: Uint8Array,
  offset: number,
  rules: PickleRules,
  source: string,
): { value: unknown; end: number } {
  const machine = new PickleMachine(pickleText(bytes, offset, source), rules, source);
  return machine.run();
}

class PickleMachine {
  private readonly stack: unknown[] = [];
  private readonly memo = new Map<number, unknown>();
  private containers = 0;

  constructor(
    private readonly text: PickleText,
    private readonly rules: PickleRules,
    private readonly source: string,
  ) {}

  run(): { value: unknown; end: number } {
    for (let count = 0; count < MOST_OPCODES; count++) {
      const opcode = this.text.byte();
      if (opcode === 0x2e) return { value: this.pop(), end: this.text.offset }; // STOP
      this.step(opcode);
    }
    return this.fail(`it takes more than ${MOST_OPCODES} steps`);
  }

  private step(opcode: number): void {
    const { text, stack } = this;
    switch (opcode) {
      case 0x80: // PROTO
        if (text.byte() > 5) this.fail('it is of a protocol above 5');
        return;
      case 0x95: // FRAME
        text.skip(8);
        return;
      case 0x28: // MARK
        stack.push(MARK);
        return;
      case 0x4e: // NONE
        stack.push(null);
        return;
      case 0x88: // NEWTRUE
        stack.push(true);
        return;
      case 0x89: // NEWFALSE
        stack.push(false);
        return;
      case 0x4b: // BININT1
        stack.push(text.byte());
        return;
      case 0x4d: // BININT2
        stack.push(text.unsigned(2));
        return;
      case 0x4a: // BININT
        stack.push(text.unsigned(4) | 0);
        return;
      case 0x8a: // LONG1
        stack.push(this.long(text.byte()));
        return;
      case 0x47: // BINFLOAT
        stack.push(text.float());
        return;
      case 0x55: // SHORT_BINSTRING
      case 0x8c: // SHORT_BINUNICODE
        stack.push(text.string(text.byte()));
        return;
      case 0x54: // BINSTRING
      case 0x58: // BINUNICODE
        stack.push(text.string(text.unsigned(4)));
        return;
      default:
        this.build(opcode);
    }
  }

  /** Containers, the memo and what would be calls. */
  private build(opcode: number): void {
    const { text, stack } = this;
    switch (opcode) {
      case 0x7d: // EMPTY_DICT
        this.container(new Map());
        return;
      case 0x5d: // EMPTY_LIST
      case 0x29: // EMPTY_TUPLE
        this.container([]);
        return;
      case 0x85: // TUPLE1
      case 0x86: // TUPLE2
      case 0x87: // TUPLE3
        this.container(this.popMany(opcode - 0x84));
        return;
      case 0x74: // TUPLE
        this.container(this.popToMark());
        return;
      case 0x73: // SETITEM
        this.setItems(this.popMany(2));
        return;
      case 0x75: // SETITEMS
        this.setItems(this.popToMark());
        return;
      case 0x61: // APPEND
        this.append(this.popMany(1));
        return;
      case 0x65: // APPENDS
        this.append(this.popToMark());
        return;
      case 0x71: // BINPUT
        this.memo.set(text.byte(), this.top());
        return;
      case 0x72: // LONG_BINPUT
        this.memo.set(text.unsigned(4), this.top());
        return;
      case 0x94: // MEMOIZE
        this.memo.set(this.memo.size, this.top());
        return;
      case 0x68: // BINGET
        stack.push(this.recall(text.byte()));
        return;
      case 0x6a: // LONG_BINGET
        stack.push(this.recall(text.unsigned(4)));
        return;
      case 0x63: // GLOBAL
        stack.push(this.global(text.line(), text.line()));
        return;
      case 0x93: // STACK_GLOBAL
        stack.push(this.global(...(this.popMany(2) as [unknown, unknown])));
        return;
      case 0x52: // REDUCE
        this.reduce();
        return;
      case 0x62: // BUILD: attributes, such as the versions PyTorch hangs on a state dict
        this.pop();
        if (!(this.top() instanceof Map)) this.fail('it sets attributes of something that is no dictionary');
        return;
      case 0x51: // BINPERSID
        stack.push(this.rules.persistent(this.pop()));
        return;
      default:
        this.fail(
          `byte ${text.offset - 1} asks for the instruction 0x${opcode.toString(16)}, which no state dict needs`,
        );
    }
  }

  private global(module: unknown, name: unknown): PickleGlobal {
    const full = `${module}.${name}`;
    const known = typeof module === 'string' && typeof name === 'string' && this.rules.globals.get(full);
    return known || this.fail(`it asks for ${printable(full)}; ${SAVE_ANEW}`);
  }

  private reduce(): void {
    const args = this.pop();
    const callee = this.pop() as PickleGlobal | null;
    if (!Array.isArray(args) || ![...this.rules.globals.values()].includes(callee as PickleGlobal))
      this.fail('it calls what is no known function');
    if (!callee?.call) this.fail(`it calls ${callee?.name}; ${SAVE_ANEW}`);
    this.container(callee.call(args));
  }

  private container(value: unknown): void {
    this.containers += 1;
    if (this.containers > MOST_CONTAINERS) this.fail(`it holds more than ${MOST_CONTAINERS} containers`);
    this.stack.push(value);
  }

  private setItems(items: readonly unknown[]): void {
    const target = this.top();
    if (!(target instanceof Map) || items.length % 2 !== 0) this.fail('it fills what is no dictionary');
    for (let i = 0; i < items.length; i += 2) target.set(items[i], items[i + 1]);
  }

  private append(items: readonly unknown[]): void {
    const target = this.top();
    if (!Array.isArray(target)) this.fail('it appends to what is no list');
    for (const item of items) target.push(item);
  }

  private long(length: number): number | bigint {
    if (length > LONGEST_INTEGER) this.fail(`it holds an integer of ${length} bytes`);
    const value = this.text.bigint(length);
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }

  private recall(key: number): unknown {
    if (!this.memo.has(key)) this.fail(`it recalls entry ${key}, which it never stored`);
    return this.memo.get(key);
  }

  private top(): unknown {
    if (this.stack.length === 0 || this.stack.at(-1) === MARK) this.fail('its stack is empty');
    return this.stack.at(-1);
  }

  private pop(): unknown {
    const value = this.top();
    this.stack.length -= 1;
    return value;
  }

  private popMany(count: number): unknown[] {
    const values = Array.from({ length: count }, () => this.pop());
    return values.reverse();
  }

  private popToMark(): unknown[] {
    const mark = this.stack.lastIndexOf(MARK);
    if (mark < 0) this.fail('it lacks a mark');
    const values = this.stack.slice(mark + 1);
    this.stack.length = mark;
    return values;
  }

  private fail(what: string): never {
    throw new InputError(`${this.source}: its pickle is not that of a state dict: ${what}`);
  }
}

const SAVE_ANEW =
  'that is never run; in PyTorch, save the state dict alone: torch.save(model.state_dict(), file)';
