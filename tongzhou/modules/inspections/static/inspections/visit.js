// One place on one screen: the form of its type, filled from the draft and read back into it.

const LONGEST = 1600; // pixels: a reading on a thermometer can still be read

// Calls `changed` with the draft whenever something was filled in.
export function show(form, draft, words, changed) {
  for (const [name, values] of Object.entries(draft.fields)) fill(form, name, values);
  thumbs(form, draft, words, changed);
  form.addEventListener("input", (event) => {
    event.target.closest(".has-error")?.classList.remove("has-error");
    if (event.target.type === "file") return;
    draft.fields = read(form);
    changed(draft);
  });
  form.addEventListener("change", async (event) => {
    if (event.target.type !== "file") return;
    const field = event.target.name;
    const chosen = [...event.target.files];
    event.target.value = "";
    for (const file of chosen) draft.photos.push({ field, blob: await smaller(file) });
    thumbs(form, draft, words, changed);
    changed(draft);
  });
}

export function read(form) {
  const fields = {};
  for (const [name, value] of new FormData(form)) if (typeof value === "string") (fields[name] ??= []).push(value);
  return fields;
}

// Parts of the form that still lack something, marked as such.
export function missing(form, draft) {
  const chosen = (name) => form.querySelector(`[name="${name}"]:checked`)?.value;
  const inspected = chosen("result") === "inspected";
  const lacks = (part) => {
    const code = part.dataset.item;
    const verdict = code === "FREE" ? form.elements["FREE-words"].value && "no" : chosen(`${code}-verdict`);
    const unproven = form.elements[`${code}-spot`].checked && !draft.photos.some((photo) => photo.field === `${code}-fixed`);
    return (code !== "FREE" && !verdict) || (verdict === "no" && unproven);
  };
  const found = inspected ? [...form.querySelectorAll("[data-item]")].filter(lacks) : [];
  if (!inspected && !form.elements.words.value) found.push(form.elements.words.closest(".field"));
  for (const part of form.querySelectorAll(".has-error")) part.classList.remove("has-error");
  for (const part of found) part.classList.add("has-error");
  return found;
}

function fill(form, name, values) {
  for (const input of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
    if (["radio", "checkbox"].includes(input.type)) input.checked = values.includes(input.value);
    else if (input.type !== "file") input.value = values[0] ?? "";
  }
}

// What was photographed, small, each with a way to take it back. Drawn, because the page's policy knows no blob addresses.
function thumbs(form, draft, words, changed) {
  for (const row of form.querySelectorAll(".thumbs")) row.remove();
  for (const photo of draft.photos) {
    const input = form.elements[photo.field];
    if (!input) continue;
    let row = input.parentElement.querySelector(".thumbs");
    if (!row) input.after((row = Object.assign(document.createElement("div"), { className: "thumbs" })));
    const button = Object.assign(document.createElement("button"), { type: "button", className: "thumb", ariaLabel: words.remove });
    button.addEventListener("click", () => {
      draft.photos = draft.photos.filter((one) => one !== photo);
      thumbs(form, draft, words, changed);
      changed(draft);
    });
    row.append(button);
    drawn(photo.blob, 96).then((canvas) => button.append(canvas), () => button.append("?"));
  }
}

// Made small on the device, which also leaves behind where and with what it was taken. What is no picture goes as it is and is refused.
async function smaller(file) {
  try {
    const canvas = await drawn(file, LONGEST);
    return await new Promise((done) => canvas.toBlob((blob) => done(blob ?? file), "image/jpeg", 0.8));
  } catch {
    return file;
  }
}

async function drawn(file, longest) {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [Math.max(1, Math.round(picture.width * scale)), Math.max(1, Math.round(picture.height * scale))];
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}
