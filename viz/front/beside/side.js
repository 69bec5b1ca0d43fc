// One of two runs: its scene, and what is asked for when somebody looks at it.

/** @import {Floats, NodePage, Scene} from "../types.d.ts" */
/** @import {Lane, Picture} from "../strip/thumbnail.js" */
/** @import {Answerer} from "../workbench/ask.js" */
/** @import {Run} from "../workbench/drawing.js" */

import { unpacked } from "../strip/thumbnail.js";

export class Side {
  /**
   * @param {string} query of the run
   * @param {Scene} scene
   * @param {Answerer} answerer
   */
  constructor(query, scene, answerer) {
    this.query = query;
    this.scene = scene;
    this.answerer = answerer;
    /** @type {Map<number, Record<Lane, Picture | null>[]>} by sample */
    this.pictures = new Map(scene.strip.pictures.map((each) => [each.sample, unpacked(each)]));
    /** @type {Map<string, Floats>} */
    this.pieces = new Map();
    /** @type {Map<string, Promise<void>>} what is on its way, or refused */
    this.asked = new Map();
  }

  get boxes() {
    return this.scene.strip.boxes;
  }

  /**
   * The gradient at a box.
   * @param {number | null} at
   */
  gradient(at) {
    if (at === null) return null;
    return { state: this.boxes[at].state, peak: this.scene.strip.peaks[at] };
  }

  /**
   * The page of a node, as far as it has been sent.
   * @param {string} node
   * @returns {NodePage | undefined}
   */
  node(node) {
    return this.scene.nodes[node];
  }

  /**
   * Ask for a node that has not been sent.
   * @param {string} node
   */
  fetchNode(node) {
    return this.once(`node ${node}`, async () => {
      const { nodes } = await this.answerer.answer(this.query, "nodes", { nodes: node });
      this.scene.nodes = { ...this.scene.nodes, ...nodes };
    });
  }

  /**
   * Ask for what the boxes show of a sample.
   * @param {number} sample
   */
  fetchPictures(sample) {
    return this.once(`pictures ${sample}`, async () => {
      const pictures = await this.answerer.answer(this.query, "thumbnails", { sample });
      this.pictures.set(sample, unpacked(pictures));
    });
  }

  /**
   * Cells that came later than their node.
   * @param {string} node
   * @param {string} page
   * @param {Run} run
   */
  piece(node, page, run) {
    return this.pieces.get(nameOf(node, page, run)) ?? null;
  }

  /**
   * Ask for cells.
   * @param {string} node
   * @param {string} page
   * @param {Run} run
   */
  fetchPiece(node, page, run) {
    const name = nameOf(node, page, run);
    return this.once(name, async () => {
      const { key: map, start, count } = run;
      const of = { node, page, map, start, count };
      const cells = await this.answerer.answer(this.query, "cells", of);
      this.pieces.set(name, cells.values);
    });
  }

  /**
   * Ask for a thing once.
   * @param {string} name
   * @param {() => Promise<void>} ask
   */
  once(name, ask) {
    const known = this.asked.get(name) ?? ask();
    this.asked.set(name, known);
    return known;
  }
}

/**
 * @param {string} node
 * @param {string} page
 * @param {Run} run
 */
function nameOf(node, page, { key, start, count }) {
  return [node, page, key, start, count].join(" ");
}
