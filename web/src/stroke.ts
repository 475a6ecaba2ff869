/** From pointer events to dabs: pressure, and every place between two events. */

export interface Dab {
  readonly x: number;
  readonly y: number;
  /** 0..1; 0.5 for finger and mouse. */
  readonly pressure: number;
}

interface Pointed {
  readonly clientX: number;
  readonly clientY: number;
  readonly pressure: number;
  readonly pointerType: string;
}

/** A mouse reports 0.5 and a finger 0, 0.5 or 1, none of which means anything; only a pen is believed. */
export function pressureOf(event: Pointed): number {
  return event.pointerType === "pen" && event.pressure > 0 ? Math.min(1, event.pressure) : 0.5;
}

/**
 * The events inside one: browsers join fast moves. The list may be empty or missing (synthetic events, an untrusted
 * event, Safari before 17), and then the event itself is the only one.
 */
export function unjoined<E extends Pointed>(event: E & { getCoalescedEvents?: () => readonly E[] }): readonly E[] {
  const inside = event.getCoalescedEvents?.() ?? [];
  return inside.length ? inside : [event];
}

export function dabAt(event: Pointed): Dab {
  return { x: event.clientX, y: event.clientY, pressure: pressureOf(event) };
}

/** Dabs after `from` up to and with `to`, at most `spacingPx` apart, pressure running evenly; never more than `most`. */
export function between(from: Dab, to: Dab, spacingPx: number, most = 60): Dab[] {
  const far = Math.hypot(to.x - from.x, to.y - from.y);
  const steps = Math.min(most, Math.max(1, Math.ceil(far / spacingPx)));
  return Array.from({ length: steps }, (_, k) => {
    const share = (k + 1) / steps;
    const mix = (a: number, b: number): number => a + (b - a) * share;
    return { x: mix(from.x, to.x), y: mix(from.y, to.y), pressure: mix(from.pressure, to.pressure) };
  });
}
