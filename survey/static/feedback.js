// Brings the proof of work with the form, where one is asked for. Without it the form works as well.
import { prove } from "./proof.js";

const bring = async (form) => {
  const { token, proof } = form.elements;
  proof.value = await prove(token.value, Number(form.dataset.work));
};

for (const form of document.querySelectorAll("form[data-work]")) {
  const status = form.querySelector("[data-working]");
  let work;
  // Begun when somebody begins to answer: then it is mostly done when they send.
  const begin = () => work ??= bring(form);
  form.addEventListener("focusin", begin);
  form.addEventListener("submit", async (event) => {
    if (form.elements.proof.value) return;
    event.preventDefault();
    if (status.textContent) return;
    status.textContent = status.dataset.working;
    await begin();
    status.textContent = "";
    // Not before this event is over: a form takes no second submission during the first.
    setTimeout(() => form.requestSubmit());
  });
}
