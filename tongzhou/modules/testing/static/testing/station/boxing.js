/* A box: the tubes that the system has closed here against the tubes in hand, before the seal; then whoever carries it away.
   What is counted so far is kept with each scan: nobody counts a box twice because a page was loaded again. */

import { reconcile, toBox } from "./checkin.js";
import { tidy } from "./people.js";

const BARCODE = /^[A-Za-z0-9]{1,24}$/;

const MOST_TUBES = 200, MOST_IN_HAND = 2000; // of the protocol: a box with more would be refused

const FIELDS = ["box", "in_hand", "note"];

export function boxing({ at, store, ui, form, sending, now = Date.now }) {
  let hand = [], keeping = 0;
  const field = (name) => form.elements[name];

  /** The form says of itself whether all that was put into it is kept. */
  async function keep() {
    keeping += 1;
    form.dataset.kept = "no";
    const box = { hand: [...hand], ...Object.fromEntries(FIELDS.map((name) => [name, field(name).value])) };
    await at.inTurn(() => store.begin({ box }));
    keeping -= 1;
    if (!keeping) form.dataset.kept = "yes";
  }

  /** A count that was under way when the page went. */
  function goOn(box) {
    if (!box || !FIELDS.some((name) => box[name]) || at.facts().boxes.has(box.box)) return;
    hand = box.hand;
    for (const name of FIELDS) field(name).value = box[name];
    form.closest("details").open = true;
    show();
  }

  function show() {
    const system = toBox(at.facts()), { missing, extra } = reconcile(system, hand);
    ui.box({ system, hand, missing: hand.length ? missing : [], extra });
    ui.unsent([...at.facts().boxes].filter(([, box]) => !box.sent).map(([code]) => code));
  }

  /** Tubes are counted from here on, so the last full one is among them. */
  async function opened() {
    show();
    if (form.closest("details").open) await at.inTurn(at.closeFull);
    show();
  }

  /** The first barcode is the box's, the others are tubes in hand. Says whether the scan was meant for here. */
  function take(text) {
    if (!form.closest("details").open || !BARCODE.test(text)) return false;
    if (!field("box").value) field("box").value = text;
    else if (text !== field("box").value && !hand.includes(text)) hand.push(text);
    if (hand.length) field("in_hand").value = hand.length;
    opened();
    keep();
    return true;
  }

  async function seal() {
    await at.closeFull();
    const box = field("box").value.trim(), note = tidy(field("note").value), inHand = Number(field("in_hand").value);
    const system = toBox(at.facts()), tubes = hand.length ? hand : system;
    const { missing, extra } = hand.length ? reconcile(system, hand) : { missing: [], extra: [] };
    if (!BARCODE.test(box) || !tubes.length) return ui.say("bad", "box_incomplete");
    if (tubes.length > MOST_TUBES || !(inHand >= 0 && inHand <= MOST_IN_HAND)) return ui.say("bad", "box_too_many", { most: MOST_TUBES });
    if (at.facts().boxes.has(box)) return ui.say("bad", "box_used", { box });
    if ((inHand !== tubes.length || missing.length || extra.length) && !note) return ui.say("bad", "box_differs", { n: tubes.length, in_hand: inHand });
    await at.write({ kind: "box", at: now(), box, tubes, in_hand: inHand, note });
    form.reset();
    ui.say("closed", "box_sealed", { box, n: inHand });
  }

  async function send() {
    const box = sending.elements.box.value, courier = tidy(sending.elements.courier.value);
    if (!box || !courier) return ui.say("bad", "courier_missing");
    await at.write({ kind: "courier", at: now(), box, courier });
    sending.reset();
    show();
    ui.say("closed", "box_sent", { box, courier });
  }
  form.addEventListener("change", keep);
  form.addEventListener("reset", () => {
    hand = [];
    at.inTurn(() => store.begin({ box: null }));
    setTimeout(show); // the fields are emptied after this
  });
  return { show, opened, take, goOn, seal: () => at.inTurn(seal), send: () => at.inTurn(send) };
}
