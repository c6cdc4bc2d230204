// How a text is shown, on either side.

export function bubble(text, one, mine, words) {
  const item = document.createElement("li");
  item.className = `talk-line ${one.kind === mine ? "talk-mine" : one.kind === "caller" || one.kind === "counsellor" ? "talk-theirs" : "talk-note"}`;
  const who = document.createElement("span"), said = document.createElement("p"), when = document.createElement("time");
  who.className = "talk-who";
  who.textContent = words[one.kind] ?? "";
  said.textContent = text;
  when.dateTime = one.at;
  when.textContent = new Date(one.at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  item.append(who, said, when);
  return item;
}

export const count = (text, number) => text.replace("#", String(number));
