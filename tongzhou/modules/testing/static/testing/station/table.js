/* The work at a table: a tube is opened, people are swabbed into it, the last can be taken back. A full tube is closed when the next one is
   opened or the tubes are counted, and not before: until then the last scan can be taken back and the right person put in its place.
   What is wrong is said before the swab; the operator decides, and only then is it written down. */

import { Verdict, apply, classify, decide, hear, nothing, room } from "./checkin.js";
import { writeDown } from "./facts.js";
import { warnings } from "./warnings.js";

export function table({ store, ui, wrote, now = Date.now }) {
  let state = nothing(), upTo = 0, me = null, tube = "", late = [], turn = Promise.resolve(), looks = 0;
  const open = (code) => (code && !state.tubes.get(code)?.closed ? code : "");
  const peopleIn = (code) => state.tubes.get(code)?.people ?? 0;
  const full = () => tube && peopleIn(tube) >= room(me, state.tubes.get(tube));
  const shown = () => ui.table({ me, state, tube, size: me ? room(me, state.tubes.get(tube), ui.retest()) : 0 });

  /** Brings in what any tab has written down since. The tube is the one scanned last, in whichever tab, before a reload too. */
  async function refresh() {
    const look = (looks += 1);
    const who = await store.me();
    if (who?.device !== me?.device) [state, upTo, tube] = [nothing(), 0, ""];
    me = who;
    const rows = who ? await store.since(upTo) : [];
    for (const { seq, text } of rows) {
      if (me?.device !== who.device || seq <= upTo) continue; // another refresh was quicker
      apply(state, seq, JSON.parse(text), who.where);
      upTo = seq;
    }
    const warned = who ? await store.warned() : [];
    for (const { text, ack } of [...rows, ...warned]) hear(state, JSON.parse(text), ack);
    const begun = who ? await store.begun() : {};
    if (look !== looks) return; // a later one has newer news
    tube = open(begun.tube) || state.tube;
    late = warnings(warned, state);
    shown();
  }

  /** Writes a fact down; one that is judged only when it is fine or wanted anyway. {seq, verdict, where, at}; seq 0: not written. */
  async function write(fact, judged = false, anyway = false) {
    let said = {};
    const seq = await store.add(async () => {
      await refresh();
      if (judged) said = decide(state, me, fact, me.skew);
      return judged && said.verdict !== Verdict.FINE && !anyway ? null : { ...(await writeDown(fact)), told: said.verdict };
    });
    if (seq) await refresh();
    if (seq) wrote();
    return { seq, ...said };
  }

  async function sample(who, anyway = false) {
    if (!tube) return ui.say("bad", "no_tube");
    const into = tube, retest = ui.retest() ? { retest: true } : {};
    const said = await write({ kind: "sample", at: now(), tube: into, ...who, ...retest }, true, anyway);
    if (!said.seq) return ui.ask(said, [["anyway", () => inTurn(() => sample(who, true))]]);
    ui.verdict(said, { n: peopleIn(into), tube: into, full: full() });
  }

  async function close(code = tube) {
    if (!code) return;
    const { seq } = await write({ kind: "close", at: now(), tube: code });
    if (seq && tube === code) tube = "";
    shown();
    ui.say("closed", "tube_closed", { tube: code, n: peopleIn(code) });
  }

  /** Nobody else goes into it, and whoever was the last is gone. */
  const closeFull = async () => full() && close();

  async function openTube(code) {
    const there = state.tubes.get(code);
    if (code === tube) return;
    if (there?.closed || there?.elsewhere) return ui.ask({ verdict: Verdict.USED }, []);
    await closeFull();
    if (tube && peopleIn(tube)) {
      return ui.ask({ words: "tube_open", tube, n: peopleIn(tube) }, [["close_and_open", () => inTurn(async () => {
        await close(tube);
        await openTube(code);
      })]]);
    }
    await store.begin({ tube: code });
    tube = code;
    shown();
    ui.say("opened", "tube_opened", { tube });
  }

  async function correct(of = state.last) {
    const was = state.samples.get(of), words = of === state.last ? "corrected" : "corrected_one";
    if (!was) return ui.say("bad", "nothing_to_correct");
    await write({ kind: "correct", at: now(), tube: was.tube, of });
    ui.say("closed", words, { tube: was.tube, n: peopleIn(was.tube) });
  }

  function took(scanned) {
    const { kind, text } = classify(scanned);
    if (kind === "code") return sample({ code: text });
    if (kind === "id") return ui.typing(text);
    if (kind === "barcode") return openTube(text);
    return ui.say("bad", "not_known");
  }

  /** One after the other, in the order they were scanned. What could not be saved is said loudly. */
  function inTurn(work) {
    turn = turn.then(work).catch((fault) => ui.say("bad", "not_saved", { fault: fault.name }));
    return turn;
  }
  return {
    refresh,
    write,
    facts: () => state,
    me: () => me,
    late: () => late,
    inTurn,
    closeFull,
    take: (scanned) => inTurn(() => took(scanned)),
    sample: (who) => inTurn(() => sample(who)),
    close: () => inTurn(() => close()),
    correct: (of) => inTurn(() => correct(of)),
  };
}
