// All channels of the first map, small: the one that is seen large is chosen here.

/** @import {MapPage, Page, Theme, Words} from "../types.d.ts" */
/** @import {Store} from "../store.js" */
/** @import {Drawing} from "./drawing.js" */

import { isDark } from "../colours.js";
import { button, element } from "../element.js";
import { placeOn } from "../maps/scaling.js";
import { largestOf } from "../maps/styles.js";
import { fill } from "../numbers.js";

const MOST = 64; // channels that are drawn small; of more, the first

export class Channels {
  /**
   * @param {HTMLElement} root
   * @param {Store} store
   * @param {Words} words
   */
  constructor(root, store, words) {
    this.root = root;
    this.store = store;
    this.words = words;
    this.drawn = "";
  }

  /**
   * Draw the channels, unless they stand there already.
   * @param {Page} page
   * @param {{drawing: Drawing, sample: number, channel: number | null}} chosen
   */
  show(page, { drawing, sample, channel }) {
    const map = page.rows[0]?.find((each) => each.channels === page.channels && each.values);
    this.root.hidden = !map || page.by_row || page.channels < 2;
    if (!map || this.root.hidden) return;
    this.root.replaceChildren();
    const first = page.first_channels[sample] ?? null;
    const words = page.largest_first && channel === first ? "largest_channel" : "chosen_channel";
    if (channel !== null) {
      const said = fill(this.words[words], { index: channel, count: page.channels });
      element(this.root, "span", "said", said);
    }
    for (let at = 0; at < Math.min(page.channels, MOST); at += 1) {
      this.build(map, at, { sample, chosen: at === channel, theme: drawing.theme });
    }
    const every = fill(this.words.all_channels, { count: page.channels });
    const all = button(this.root, every, "every", () => this.store.change({ channel: "all" }));
    all.ariaPressed = String(channel === null);
  }

  /**
   * @param {MapPage} map
   * @param {number} channel
   * @param {{sample: number, chosen: boolean, theme: Theme}} how
   */
  build(map, channel, { sample, chosen, theme }) {
    const made = button(this.root, "", "channel", () => this.store.change({ channel }));
    made.ariaPressed = String(chosen);
    made.ariaLabel = fill(this.words.channel, { index: channel });
    made.title = made.ariaLabel;
    const { values, one, strides } = map;
    if (!values || !one) return;
    const [perSample, perChannel] = strides;
    const start = sample * perSample + channel * perChannel;
    paint(element(made, "canvas"), values.subarray(start, start + one.count), one, theme);
  }
}

/**
 * One pixel a cell, on a scale of its own; the style sheet gives it its size.
 * @param {HTMLCanvasElement} canvas
 * @param {ArrayLike<number>} cells
 * @param {{rows: number, columns: number}} size
 * @param {Theme} theme
 */
function paint(canvas, cells, { rows, columns }, theme) {
  [canvas.width, canvas.height] = [columns, rows];
  const dark = isDark(getComputedStyle(canvas.closest(".maps") ?? document.body).backgroundColor);
  const table = dark ? theme.dark : theme.light;
  const scale = largestOf(cells);
  const picture = new ImageData(columns, rows);
  for (let k = 0; k < cells.length; k += 1) {
    const place = Number.isFinite(cells[k]) ? placeOn(cells[k], scale, "own") : 0;
    const at = 4 * (theme.half + Math.round(theme.half * place));
    picture.data.set([table[at], table[at + 1], table[at + 2], 255], 4 * k);
  }
  canvas.getContext("2d")?.putImageData(picture, 0, 0);
}
