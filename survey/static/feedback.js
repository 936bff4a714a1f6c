// Brings the proof of work with the form, where one is asked for. Without it the form works as well.
import { prove } from "./proof.js";

// By form: another one may have come in its place.
const works = new WeakMap();

const bring = async (form) => {
  const { token, proof } = form.elements;
  proof.value = await prove(token.value, Number(form.dataset.work));
};

const begin = (form) => {
  if (!works.has(form)) works.set(form, bring(form));
  return works.get(form);
};

const asked = (event) => event.target.closest("form[data-work]");

// Begun when somebody begins to answer: then it is mostly done when they send.
document.addEventListener("focusin", (event) => {
  const form = asked(event);
  if (form) begin(form);
});
document.addEventListener("submit", async (event) => {
  const form = asked(event);
  if (!form || form.elements.proof.value) return;
  event.preventDefault();
  const status = form.querySelector("[data-working]");
  if (status.textContent) return;
  status.textContent = status.dataset.working;
  await begin(form);
  status.textContent = "";
  // Not before this event is over: a form takes no second submission during the first.
  setTimeout(() => form.requestSubmit());
});
