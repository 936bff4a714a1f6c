// Brings the form of a page that the reader's own translator changes: in the language of the
// translation, under the note about it. Without this script the form stays about the page as it came.
const root = document.documentElement;
const form = () => document.querySelector("form.feedback");
const made = form().elements.token.value;

// Google's widget and Chrome mark <html>; Edge marks what it translated.
const translator = () => {
  if (/\btranslated-(ltr|rtl)\b/.test(root.className)) return "google";
  return document.querySelector("[_msttexthash]") ? "browser" : "";
};

const note = (it) => it.querySelector("[role=note]")?.textContent;
const working = () => form().querySelector("[data-working]")?.textContent;

// A confirmed note is not another note confirmed.
const fill = (fresh) => {
  const fields = fresh.elements, same = note(fresh) === note(form());
  for (const [name, value] of new FormData(form())) {
    const field = fields[name];
    if (field?.type === "checkbox") field.checked = same;
    else if (field && name !== "token" && name !== "proof") field.value = value;
  }
};

let drawn = "";
const redraw = async () => {
  const by = translator();
  const screen = new URLSearchParams({ translator: by, language: by && root.lang }).toString();
  // As it came from the server it is drawn already.
  if (screen === drawn || !by && !drawn) return;
  // Being sent: it stays what it is.
  if (working()) return;
  const again = form().elements.token.value;
  const response = await fetch(form().dataset.again, {
    method: "POST", credentials: "omit", body: new URLSearchParams(`${screen}&made=${made}&again=${again}`),
  });
  if (!response.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("form");
  if (working()) return;
  const focused = form().contains(document.activeElement) && document.activeElement.id;
  fill(fresh);
  form().replaceWith(fresh);
  if (focused) document.getElementById(focused)?.focus();
  drawn = screen;
};

// One after the other: each takes the place of the one before. Without connection, what stands there stays.
let drawing = Promise.resolve();
const follow = () => drawing = drawing.then(redraw).catch(() => {});
new MutationObserver(follow).observe(root, { attributes: true, attributeFilter: ["class", "lang", "dir"] });
follow();
