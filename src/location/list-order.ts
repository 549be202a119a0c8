import type { Binding } from './binding.ts';

/**
 * Puts a new binding into a list ordered by preference: after every binding with the same or a higher q, so that among
 * equals the oldest comes first. Unspecified (-1) sorts below q=0.
 *
 * @param list ordered; changed in place
 */
export function insertByQ(list: Binding[], binding: Binding): void {
  let at = list.length;
  for (let i = 0; i < list.length; i++) {
    const other = list[i];
    if (other !== undefined && other.q < binding.q) {
      at = i;
      break;
    }
  }
  insertAt(list, at, binding);
}

/**
 * Replaces the binding at `index`. With an unchanged q it keeps its place; a changed q moves it to where a new binding
 * of that q would go.
 *
 * @param list ordered by preference; changed in place
 */
export function replaceByQ(list: Binding[], index: number, binding: Binding): void {
  if (list[index]?.q === binding.q) {
    list[index] = binding;
    return;
  }
  list.splice(index, 1);
  insertByQ(list, binding);
}

/**
 * Puts a new binding into a list in descending order of modification: in front, but after the `newest` bindings that the
 * same request wrote before it, so that contacts of one request stay in the order written.
 *
 * @param list changed in place
 * @param newest how many bindings at the front the present request wrote
 */
export function insertByTime(list: Binding[], newest: number, binding: Binding): void {
  insertAt(list, newest, binding);
}

/**
 * Replaces the binding at `index` and moves it to the front, as `insertByTime` does; one that the same request wrote
 * before keeps its place.
 */
export function replaceByTime(list: Binding[], index: number, newest: number, binding: Binding): void {
  if (index < newest) {
    list[index] = binding;
    return;
  }
  list.splice(index, 1);
  insertAt(list, newest, binding);
}

/** `splice(at, 0, binding)`, without its result array in the usual case of an end that is also the place. */
function insertAt(list: Binding[], at: number, binding: Binding): void {
  if (at === list.length) list.push(binding);
  else list.splice(at, 0, binding);
}

/**
 * Where a binding goes that was stored before: by preference, or, with `desc_time_order`, by the time it was last
 * written. Bindings of equal rank come in the order of their insertion.
 */
export function placeOf(descTimeOrder: boolean): (list: Binding[], binding: Binding) => void {
  return descTimeOrder ? insertByAge : insertByQ;
}

function insertByAge(list: Binding[], binding: Binding): void {
  let at = list.length;
  while (at > 0 && (list[at - 1]?.lastModifiedAt ?? 0) < binding.lastModifiedAt) at -= 1;
  insertAt(list, at, binding);
}
