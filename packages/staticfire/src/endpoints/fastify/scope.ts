import type { Placed } from '../routing/links.ts';
import { Router } from '../routing/router.ts';
import type { Value } from '../running/values.ts';

/** A plugin that shares its parent's scope. */
export interface Plugin {
  readonly of: Value;
}

/** The scope of a plugin; decorations of those around it are seen. */
export class Scope extends Router {
  readonly decorations = new Map<string, Value>();
  readonly parent: Scope | undefined;
  /** What plugins put into each route that follows: not yet loaded, because nothing awaited them. */
  readonly waiting: Placed[] = [];

  constructor(parent: Scope | undefined) {
    super({ falls: false, nextAt: 9, exactly: false });
    this.parent = parent;
  }

  decoration(name: string): Value | undefined {
    return this.decorations.get(name) ?? this.parent?.decoration(name);
  }

  /** The plugins that were registered are loaded before what follows. */
  load(): void {
    const links = this.waiting.splice(0);
    if (links.length > 0) this.steps.push({ k: 'use', paths: [{ text: '', partial: false }], links, except: [] });
  }
}
