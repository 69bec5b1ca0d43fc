// From a page of the inspector to what the maps draw: the picked sample and channel of every
// array, one colour scale a group, and what is said of the cells.

/** @import {Floats, MapPage, MapSpec, Page, Scaling, Theme, Tiling, View, Words} from "../types.d.ts" */

/** The picked sample and channel; null: all channels. @typedef {{sample: number, channel: number | null}} Chosen */

import { fill, shortNumber } from "../numbers.js";

/**
 * An unbroken run of cells that the browser does not have yet.
 * @typedef {{key: string, start: number, count: number}} Run
 */

/**
 * A run of cells, and where it belongs.
 * @typedef {object} Asked
 * @property {string} key under which it is kept
 * @property {{node: string, page: string, map: string, start: number, count: number}} of
 */

/**
 * What of an array is shown.
 * @typedef {object} Picked
 * @property {MapPage} map
 * @property {Tiling} tiling
 * @property {number} start
 * @property {Floats | null} cells null while they are on their way
 */

/**
 * The sample and the channel of a choice that a page has.
 * @param {Page} page
 * @param {Pick<View, "sample" | "channel">} choice
 * @returns {Chosen}
 */
export function picked({ samples, channels, first_channels: first }, choice) {
  const sample = choice.sample < samples ? choice.sample : 0;
  const channel = choice.channel ?? first[sample] ?? null;
  return {
    sample,
    channel: channel !== "all" && channel !== null && channel < channels ? channel : null,
  };
}

/**
 * Which cells of a map this sample and channel are, and how they are laid out.
 * @param {MapPage} map
 * @param {Chosen} view
 */
function chosen(map, { sample, channel }) {
  const one = channel !== null && channel < map.channels && map.one !== null;
  const tiling = /** @type {Tiling} */ (one ? map.one : map.all);
  const [perSample, perChannel] = map.strides;
  const start = (sample < map.samples ? sample : 0) * perSample;
  return { tiling, start: start + (one ? channel * perChannel : 0) };
}

/** How large the cells are: over the finite ones, and how many are not.
 * @param {Floats} cells
 */
function measure(cells) {
  const found = { smallest: NaN, largest: NaN, zeros: 0, nan: 0, infinite: 0 };
  for (const value of cells) {
    if (Number.isNaN(value)) found.nan += 1;
    else if (!Number.isFinite(value)) found.infinite += 1;
    else {
      if (value === 0) found.zeros += 1;
      if (!(found.smallest <= value)) found.smallest = value;
      if (!(found.largest >= value)) found.largest = value;
    }
  }
  return found;
}

/** Draws pages of one run. */
export class Drawing {
  /**
   * @param {Words} words
   * @param {Theme} theme
   */
  constructor(words, theme) {
    this.words = words;
    this.theme = theme;
    /** The last page and what was made of it, so that the same choice gives the same objects. */
    this.last = {
      page: /** @type {Page | null} */ (null),
      key: "",
      rows: /** @type {MapSpec[][]} */ ([]),
    };
  }

  /**
   * Return the maps of a page, and the runs of cells that are missing; until they come a sentence
   * stands in their place.
   * @param {Page} page
   * @param {Chosen} view
   * @param {(run: Run) => Floats | null} fetched finds a run that came later
   * @param {Scaling} scaling
   */
  rows(page, view, fetched, scaling) {
    /** @type {Run[]} */
    const missing = [];
    const picked = page.rows.map((row) => row.map((map) => this.pick(map, view, fetched, missing)));
    const key = `${scaling} ${view.sample} ${view.channel} ${missing.map(({ key: name }) => name)}`;
    if (page === this.last.page && key === this.last.key) return { rows: this.last.rows, missing };
    const scales = this.scales(picked.flat(), scaling);
    const rows = picked.map((row) => row.map((each) => this.specify(each, scales, view)));
    this.last = { page, key, rows };
    return { rows, missing };
  }

  /**
   * @param {MapPage} map
   * @param {Chosen} view
   * @param {(run: Run) => Floats | null} fetched
   * @param {Run[]} missing
   * @returns {Picked | MapPage}
   */
  pick(map, view, fetched, missing) {
    if (map.missing || !map.all || !map.values) return map;
    const { tiling, start } = chosen(map, view);
    const end = start + tiling.count;
    if (end <= map.values.length) {
      return { map, tiling, start, cells: map.values.subarray(start, end) };
    }
    const run = { key: map.key, start, count: tiling.count };
    const cells = fetched(run);
    if (!cells) missing.push(run);
    return { map, tiling, start, cells };
  }

  /**
   * The largest magnitude on the scale of each map: its own, or that of its group.
   * @param {(Picked | MapPage)[]} picked
   * @param {Scaling} scaling
   */
  scales(picked, scaling) {
    /** @param {MapPage} map */
    const nameOf = (map) => (scaling === "own" ? map.key : map.group);
    /** @type {Map<string, number>} */
    const scales = new Map();
    for (const each of picked) {
      if (!("cells" in each) || !each.cells) continue;
      const { smallest, largest } = measure(each.cells);
      const size = Math.max(Math.abs(smallest), Math.abs(largest)) || 0;
      const name = nameOf(each.map);
      scales.set(name, Math.max(scales.get(name) ?? 0, size));
    }
    return new Map(
      picked.map((each) => {
        const map = "map" in each ? each.map : each;
        return [map.key, scales.get(nameOf(map)) ?? 0];
      }),
    );
  }

  /**
   * @param {Picked | MapPage} picked
   * @param {Map<string, number>} scales
   * @param {Chosen} view
   * @returns {MapSpec}
   */
  specify(picked, scales, view) {
    if (!("cells" in picked)) return this.without(picked, picked.missing, view);
    const { map, tiling, start, cells } = picked;
    if (!cells) return this.without(map, this.words.fetching, view);
    const measured = measure(cells);
    const odd = this.oddities(measured);
    const zero = measured.smallest === 0 && measured.largest === 0 && !odd.length;
    const notes = map.reach
      ? [this.reached(measured, tiling.count), ...odd, tiling.note].filter(Boolean)
      : [...(zero ? [this.words.all_zero] : odd), tiling.note].filter(Boolean);
    const scale = scales.get(map.key) ?? 0;
    const { tiles, rows, columns, across, label_axes, named_channels, count } = tiling;
    return {
      key: map.key,
      title: (zero && map.equal) || map.title,
      subtitle: tiling.rectangle
        ? fill(this.words.as_rectangle, { subtitle: map.subtitle, rows, columns })
        : map.subtitle,
      term: map.term,
      group: map.group,
      notes: notes.join(" · "),
      summary: [this.summary(map, measured), ...notes.map((note) => `${note}.`)].join(" "),
      non_finite: odd.join(", "),
      scale,
      ends: (scale ? [-scale, 0, scale] : [0]).map((end) => this.short(end)),
      shape: map.shape,
      ...{ start, count, tiles, rows, columns, across, label_axes, named_channels },
      reach: map.reach,
      values: cells,
      hides: map.hides,
    };
  }

  /**
   * A card with a sentence in the place of its picture; of a hidden map with what is filled in.
   * @param {MapPage} map
   * @param {string} missing
   * @param {Chosen} view
   * @returns {MapSpec}
   */
  without(map, missing, view) {
    const { key, title, subtitle, term, shape, hides } = map;
    return { key, title, subtitle, term, missing, shape, hides, asked: this.asked(map, view) };
  }

  /**
   * Which cells of a hidden map are filled in.
   * @param {MapPage} map
   * @param {Chosen} view
   */
  asked(map, view) {
    if (!map.hidden || !map.all) return null;
    const { tiling, start } = chosen(map, view);
    const [rows, columns] = tiling.window ?? [0, 0];
    const whole = rows * columns === tiling.count;
    const first = tiling.tiles > 1 && rows === tiling.rows && columns === tiling.columns;
    const words = first ? this.words.asked_first : this.words.asked_corner;
    const note = whole ? "" : fill(words, { rows, columns });
    return { name: map.hidden, start, rows, columns, note };
  }

  /** @param {number} value */
  short(value) {
    return shortNumber(value, this.theme.digits, this.theme);
  }

  /** @param {ReturnType<typeof measure>} measured */
  oddities({ nan, infinite }) {
    const counts = /** @type {[string, number][]} */ ([
      [this.words.nan, nan],
      [this.words.infinite, infinite],
    ]);
    return counts.filter(([, count]) => count).map(([words, count]) => fill(words, { count }));
  }

  /**
   * How far a change reaches.
   * @param {ReturnType<typeof measure>} measured
   * @param {number} all
   */
  reached({ zeros }, all) {
    const { reached, unchanged } = this.words;
    return zeros === all ? unchanged : fill(reached, { count: all - zeros, all });
  }

  /**
   * @param {MapPage} map
   * @param {ReturnType<typeof measure>} measured
   */
  summary({ title, subtitle, shape }, { smallest, largest, zeros }) {
    return fill(this.words.summary, {
      name: [title, subtitle].filter(Boolean).join(", "),
      shape: (shape ?? []).join("\u00d7"),
      smallest: this.short(smallest),
      largest: this.short(largest),
      zeros,
    });
  }
}
