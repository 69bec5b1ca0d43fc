// The line under the maps: the sum behind a cell with its numbers, or what a cell feeds.

const MOST_TERMS = 10; // terms written out, as of a 3x3 kernel and a bias; of more, the largest
const MOST_FED = 3; // fed cells written out
const SPEAK_AFTER = 400; // ms of rest before a screen reader is told
const SAMPLES = 12; // sums tried to find how much room the longest needs
// What a coefficient is called says its number already: "1 (copy)", "1/4 (average)", "a = 0.42".
const SAYS_ITS_NUMBER = /^[-+]?[\d./]+( ?\(.*\))?$|=/;

function buildSum(stage) {
  const box = element(stage.root, "div", "sum");
  const sum = {
    box,
    terms: element(box, "div", "terms"),
    verdict: element(box, "div", "verdict"),
    spoken: element(stage.root, "div", "spoken"),
  };
  sum.spoken.setAttribute("aria-live", "polite");
  return sum;
}

function number(stage, value) {
  const { theme } = stage.packet;
  return shortNumber(value, theme.digits, theme);
}

function exactly(value, single) {
  return exactNumber(value, single ? new Float32Array() : new Float64Array());
}

// One term as the parts of its line: coefficient, its name, and the summed cell.
function partsOf(stage, { link, at, value }) {
  if (link.function) {
    return { coefficient: `${link.function}(${number(stage, value)})`, name: "", value: "" };
  }
  const name = link.name_of ? link.names[link.name_of[at]] : "";
  const coefficient = SAYS_ITS_NUMBER.test(name) ? name : number(stage, link.coefficients[at]);
  const named = coefficient === name ? "" : name;
  const constant = link.places[at] === NOWHERE;
  return { coefficient, name: named, value: constant ? "" : number(stage, value) };
}

function termText(stage, term) {
  const { coefficient, name, value } = partsOf(stage, term);
  const named = name ? `${coefficient} ${name}` : coefficient;
  return value ? `${named} × ${value}` : named;
}

function writeTerm(stage, parent, term) {
  const { coefficient, name, value } = partsOf(stage, term);
  const line = element(parent, "span", "term");
  element(line, "span", "coefficient", coefficient);
  if (name) element(line, "span", "name", ` ${name}`);
  if (value) line.append(` × ${value}`);
  const spec = summedSpec(stage, term.link);
  const slot = term.link.places[term.at];
  if (slot === NOWHERE) return;
  const hidden = slot >= spec.count;
  const flat = hidden ? term.link.hidden[slot - spec.count] : spec.start + slot;
  line.dataset.from = indexOf(spec, flat).join(",");
  line.title = `${spec.title} [${indexOf(spec, flat).join(", ")}]`;
}

// The sentences of a subject: what is written, as a function that writes it, and what is spoken.
const KINDS_OF_LINE = { sum: sumLine, mixed: mixedLine, reach: reachLine, note: noteLine };

function sumLine(stage, subject) {
  const { view, terms, total, recorded, difference, single, round, agrees, words, note } = subject;
  const { shown, rest } = largest(terms, MOST_TERMS);
  const left = { count: rest.length, value: number(stage, addUp(rest, round)) };
  const more = rest.length ? fill(words.more, left) : "";
  const start = `${number(stage, recorded)} = `;
  const totals = [
    fill(words.total, { value: number(stage, total) }),
    fill(words.recorded, { value: number(stage, recorded) }),
  ];
  const odds = fill(words.differs, { difference: number(stage, difference) });
  const nothing = terms.length ? "" : words.nothing;
  const written = shown.map((term) => termText(stage, term)).join(" + ");
  const explanation = note || nothing;
  return {
    write(box) {
      element(box, "span", "value", start);
      shown.forEach((term, at) => {
        if (at) box.append(" + ");
        writeTerm(stage, box, term);
      });
      if (!terms.length) box.append("0");
      if (more) element(box, "span", "more", ` ${more}`);
      if (explanation) element(box, "div", "note", explanation);
    },
    verdict(box) {
      element(box, "span", "total", totals[0]);
      element(box, "span", "recorded", totals[1]);
      const tick = element(box, "span", agrees ? "tick" : "cross", agrees ? "✓" : `✗ ${odds}`);
      tick.title = agrees && difference ? odds : "";
    },
    note: explanation,
    spoken: [
      `${start}${written || "0"} ${more}`, ...totals, agrees ? words.agrees : odds, explanation,
    ],
    data: {
      total: exactly(total, single),
      autograd: exactNumber(recorded, view.spec.values),
      difference: String(difference),
      agrees: String(agrees),
      terms: String(terms.length),
      shown: String(shown.length),
    },
  };
}

// A cell that is made of others, but not by adding: only the slopes are said.
function mixedLine(stage, { terms, recorded, words }) {
  const { shown } = largest(terms, MOST_FED, slopeOf);
  const start = fill(words.mixed, { value: number(stage, recorded), count: terms.length });
  const listed = shown.map((term) => {
    const spec = summedSpec(stage, term.link);
    const slot = term.link.places[term.at];
    const flat = slot < spec.count ? spec.start + slot : term.link.hidden[slot - spec.count];
    return slopeText(stage, `${spec.title} [${indexOf(spec, flat).join(",")}]`, term);
  });
  return listLine(start, listed, terms, words, { terms: String(terms.length) });
}

function slopeText(stage, cell, term) {
  return fill(term.link.words.slope, { cell, value: number(stage, slopeOf(term)) });
}

function noteLine(stage, { note }) {
  return plainLine(note);
}

function plainLine(line, data = {}) {
  return { write: (box) => box.append(line), verdict() {}, spoken: [line], data };
}

// A sentence and what it lists, as far as that is written out.
function listLine(start, listed, terms, words, data) {
  const left = terms.length - listed.length;
  if (left > 0) listed.push(fill(words.more_cells, { count: left }));
  const shown = String(listed.length - (left > 0 ? 1 : 0));
  return plainLine(`${start} ${listed.join("; ")}`, { ...data, shown });
}

function reachLine(stage, { terms, value, words }) {
  const { adds } = terms[0]?.link ?? { adds: true };
  const shown = adds ? terms.slice(0, MOST_FED) : largest(terms, MOST_FED, slopeOf).shown;
  const count = new Set(terms.map(({ link, cell }) => `${link.from} ${cell}`)).size;
  const sentence = [words.feeds_none, words.feeds_one][count] ?? words.feeds;
  const start = fill(sentence, { value: number(stage, value), count });
  const fed = shown.map((term) => {
    const { spec } = viewOf(stage, term.link.from);
    const cell = `${term.link.words.explained}[${fullIndex(spec, term.cell).join(",")}]`;
    if (!adds) return slopeText(stage, cell, term);
    return fill(words.gets, { cell, term: termText(stage, term) });
  });
  return listLine(start, fed, terms, words, { cells: String(count), terms: String(terms.length) });
}

function lineOf(stage, subject) {
  const own = KINDS_OF_LINE[subject.kind];
  if (own) return own(stage, subject);
  const { words, view } = subject;
  const sentences = { large: view.pinned === null ? words.large : words.asking };
  return plainLine(sentences[subject.kind] ?? words.too_large);
}

function writeLine(stage, subject) {
  const { terms, verdict } = stage.sum;
  terms.replaceChildren();
  verdict.replaceChildren();
  const line = lineOf(stage, subject);
  line.write(terms);
  line.verdict(verdict);
  if (subject.view.pinned === subject.k) element(verdict, "span", "pinned", subject.words.pinned);
  return line;
}

// What one may do with the first link's maps.
function hintOf({ links: [first] }) {
  return (first?.large ? first.words.large : first?.words.hint) ?? "";
}

// Write what the subject is about; without one, what one may do.
function writeSum(stage) {
  const { sum, subject, packet } = stage;
  const { box, terms, verdict } = sum;
  for (const name of Object.keys(box.dataset)) delete box.dataset[name];
  box.classList.toggle("idle", !subject);
  box.classList.toggle("pinned", Boolean(subject) && subject.view.pinned === subject.k);
  box.dataset.kind = subject?.kind ?? "idle";
  if (!subject) {
    terms.textContent = hintOf(packet);
    verdict.replaceChildren();
    speak(stage, []);
    return;
  }
  const { view, k } = subject;
  const line = writeLine(stage, subject);
  const cell = fullIndex(view.spec, k).join(",");
  const pinned = String(view.pinned === k);
  Object.assign(box.dataset, line.data, { map: view.spec.key, cell, pinned });
  terms.scrollTop = 0;
  speak(stage, [`${view.spec.title} [${cell}]`, ...line.spoken]);
}

// A screen reader hears where one came to rest, not every cell on the way.
function speak(stage, sentences) {
  clearTimeout(stage.speaking);
  stage.speaking = setTimeout(() => {
    const said = sentences.map((sentence) => sentence.trim()).filter(Boolean);
    stage.sum.spoken.textContent = said.join(". ");
  }, SPEAK_AFTER);
}

// Keep room for the longest sum, so that nothing below moves while one points.
function reserve(stage) {
  const { box, terms, verdict } = stage.sum;
  box.hidden = !stage.packet.links.length && !stage.packet.answer;
  if (box.hidden) return;
  const measure = element(box, "div", "measure");
  const tried = samples(stage).map((subject) => {
    const line = lineOf(stage, subject);
    const written = element(measure, "div", "terms", line.spoken[0]);
    if (line.note) element(written, "div", "note", line.note);
    const said = element(measure, "div", "verdict");
    line.verdict(said);
    element(said, "span", "pinned", subject.words.pinned);
    return { written, verdict: said };
  });
  const hint = element(measure, "div", "terms", hintOf(stage.packet));
  const tallest = (elements) => Math.max(0, ...elements.map((each) => each.offsetHeight));
  terms.style.height = `${tallest([hint, ...tried.map((each) => each.written)])}px`;
  verdict.style.height = `${tallest(tried.map((each) => each.verdict))}px`;
  measure.remove();
}

// Subjects with long lines: of every map those with the most terms, and some spread over it.
function samples(stage) {
  const { links, answer } = stage.packet;
  const subjects = [];
  const add = (view, k) => {
    const subject = view && k >= 0 && k < view.spec.count && subjectOf(stage, view, k);
    if (subject) subjects.push(subject);
  };
  if (answer) {
    const view = viewOf(stage, answer.map);
    add(view, offsetOf(view.spec, answer.index));
  }
  for (const link of links) {
    if (link.large) add(viewOf(stage, link.from), 0);
    if (link.large || !link.cells.length) continue;
    const { cells, offsets } = link;
    const longest = cells.reduce(
      (best, _, row) => {
        const count = offsets[row + 1] - offsets[row];
        return count > best.count ? { row, count } : best;
      },
      { row: 0, count: -1 },
    );
    add(viewOf(stage, link.from), cells[longest.row]);
    link.notes.forEach((_, which) => {
      add(viewOf(stage, link.from), cells[link.note_of.indexOf(which)] ?? -1);
    });
    for (let part = 0; part < SAMPLES; part += 1) {
      add(viewOf(stage, link.from), cells[Math.floor((part * cells.length) / SAMPLES)]);
      const to = viewOf(stage, link.to);
      if (to) add(to, Math.floor((part * to.spec.count) / SAMPLES));
    }
  }
  return subjects;
}
