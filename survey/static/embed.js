// Rayak's box for any website: one script, no dependency, no cookie. See the README, "On any website".
(() => {
  "use strict";
  const script = document.currentScript;
  const host = new URL(script.src).origin;
  const root = document.documentElement;
  // What the page was before a translator changed it.
  const source = script.dataset.language || root.lang || "";
  const UNSENT = "rayak-unsent";
  const box = document.createElement("div");
  box.className = "notranslate";
  box.translate = false;
  const shadow = box.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`:host{all:initial;display:block;max-width:40rem;margin:1.5rem 0;font:1rem/1.6 system-ui,sans-serif;color:CanvasText}
*{box-sizing:border-box;font:inherit;color:inherit}h2{font-size:1.2em;font-weight:700;margin:0 0 .5em}.note{background:#fff6dd;color:#1d2a2e;border-inline-start:.35em solid #8a6100;padding:.6em 1em;margin:0 0 1em}
fieldset{border:0;margin:0 0 1em;padding:0;min-width:0}legend{font-weight:600;padding:0;margin-bottom:.6em}.levels{display:grid;grid-template-columns:repeat(5,1fr);gap:.4em}
.levels span{position:relative;display:grid;justify-items:center;padding:.5em 0;border:1.5px solid #7b8b90;border-radius:.5em}.levels span:focus-within{outline:3px solid #d98e04;outline-offset:2px}
input[type=radio]{width:1.5em;height:1.5em;margin:0;accent-color:#0a5a8a}.levels label{font-weight:600}.levels label::before{content:"";position:absolute;inset:0}
.ends{display:flex;justify-content:space-between;gap:1em;font-size:.95em;margin-top:.3em}label{display:block}p{margin:0 0 .4em}a,#hint{font-size:.9em}section>p:last-child{margin:1em 0 0}textarea{width:100%;border:1.5px solid #5a6a6f;border-radius:.3em;padding:.5em;background:Canvas}
button{background:#0b5563;color:#fff;border:0;border-radius:.3em;padding:.6em 1.4em;min-height:2.75em;font-weight:600;cursor:pointer;margin-top:1em}button:focus-visible,textarea:focus-visible{outline:3px solid #d98e04;outline-offset:2px}
[role=alert]{color:#a4161a;background:#fdefee;font-weight:600;padding:.3em .6em;margin:0 0 .6em}[role=alert]:empty{display:none}.confirm{display:flex;gap:.5em;align-items:center;margin-top:1em}.confirm input{width:1.5em;height:1.5em;flex:none;margin:0;accent-color:#0a5a8a}.trap{position:absolute;inset-inline-start:-99em}`);
  shadow.adoptedStyleSheets = [sheet];

  const element = (name, properties = {}, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(properties)) {
      if (key in made) made[key] = value;
      else made.setAttribute(key, value);
    }
    made.append(...children);
    return made;
  };
  const complain = (reason) => console.error(`Rayak: ${reason}`);

  // Google's widget and Chrome mark <html>; Edge marks what it translated.
  const translator = () => {
    if (/\btranslated-(ltr|rtl)\b/.test(root.className)) return "google";
    return document.querySelector("[_msttexthash]") ? "browser" : "";
  };

  // Only loaded where work is asked for.
  const prove = async (token, work) => (await import(`${host}/embed/proof.js`)).prove(token, work);
  const send = async (answer, tries = 2) => {
    const response = await fetch(`${host}/embed/feedback`, {
      method: "POST", body: new URLSearchParams(answer), credentials: "omit",
    });
    const reply = await response.json();
    const { token = answer.token, work } = reply;
    // The page had been open for a day, or proofs are asked for since: the same answer once more.
    if (!tries || !(reply.token || work)) return [response.status, reply];
    return send({ ...answer, token, ...(work && { proof: await prove(token, work) }) }, tries - 1);
  };

  // An answer given without connection is kept here until it could be sent, then forgotten.
  const unsent = () => {
    try { return JSON.parse(localStorage.getItem(UNSENT) || "[]"); } catch { return []; }
  };
  const keep = (answers) => {
    try {
      if (answers.length) localStorage.setItem(UNSENT, JSON.stringify(answers));
      else localStorage.removeItem(UNSENT);
      return true;
    } catch { return false; }
  };
  const deliver = async () => {
    for (const answer of unsent()) {
      try {
        const [status] = await send(answer);
        // Busy: later. Refused for good: gone. The signed token makes it count once in any case.
        if (status === 429 || status >= 500) return;
      } catch { return; }
      keep(unsent().filter((other) => other.token !== answer.token));
    }
  };

  const typed = () => {
    const form = shadow.querySelector("form");
    return form ? [...new FormData(form)].filter(([, value]) => value) : [];
  };
  // What was typed on one page is not about another: it waits for who comes back.
  const drafts = new Map();
  const leave = () => drafts.set(on.page, typed());

  // What stands here: for which page, as asked, by which token; `over` when it is to stay as it is, as
  // it does while it is `sent`: its thanks are to be seen.
  let on = {};
  const stays = (page) => on.page === page && (on.over || on.sent);
  const draw = async () => {
    // Longer ones are refused; whole, they might not even get as far as the reason.
    const page = (location.origin + location.pathname).slice(0, 999);
    // Made ready ahead of time it is not on a screen yet.
    if (document.prerendering || stays(page)) return;
    const by = translator();
    const asked = new URLSearchParams({
      page, language: by ? root.lang : script.dataset.language || root.lang,
      source: source || root.lang, translator: by,
    }).toString();
    if (asked === on.asked) return;
    // The same page in another language is the same view. Addresses get into logs: no token there.
    const again = on.page === page && { method: "POST", body: new URLSearchParams(`${asked}&again=${on.token}`) };
    let response, form;
    try {
      response = await fetch(host + "/embed/feedback" + (again ? "/again" : "?" + asked), { credentials: "omit", ...again });
      // This page view is not one of those that are asked.
      form = response.status === 204 ? {} : await response.json();
    } catch {
      // What stands there until the connection is back must not be about another page.
      if (on.page !== page) {
        leave();
        on = {};
        shadow.replaceChildren();
      }
      return complain(`${host} cannot be reached`);
    }
    // Sent meanwhile.
    if (stays(page)) return;
    if (on.page !== page) leave();
    // A confirmed note is not another note confirmed.
    const same = on.page === page && on.note === form.disclaimer;
    const entries = (on.page === page ? typed() : drafts.get(page) || []).filter(([name]) => same || name !== "acknowledged");
    drafts.delete(page);
    on = { page, asked, token: form.token, note: form.disclaimer, over: !form.token };
    if (form.error) complain(form.error);
    if (on.over) shadow.replaceChildren();
    else show(form, entries);
  };
  // One after the other: each has to know what the one before has drawn.
  let drawing = Promise.resolve();
  const redraw = () => drawing = drawing.then(draw, draw);

  const show = (form, entries) => {
    const t = form.texts;
    const alert = element("p", { role: "alert" });
    const levels = t.scale.map((word, i) => element("span", {},
      element("input", { type: "radio", name: "rating", id: `r${i + 1}`, value: i + 1, "aria-label": `${i + 1} – ${word}` }),
      element("label", { htmlFor: `r${i + 1}`, "aria-hidden": "true" }, String(i + 1))));
    const comment = element("textarea", { name: "comment", id: "comment", rows: 3, maxLength: form.comment_limit, "aria-describedby": "hint" });
    const confirm = t.acknowledge ? [element("div", { className: "confirm" },
      element("input", { type: "checkbox", name: "acknowledged", id: "acknowledged", value: "on" }),
      element("label", { htmlFor: "acknowledged" }, t.acknowledge))] : [];
    const trap = element("input", { name: form.trap, tabIndex: -1, autocomplete: "off", "aria-hidden": "true", className: "trap" });
    const drawnForm = element("form", { noValidate: true },
      element("fieldset", {}, element("legend", {}, t.question), alert, element("div", { className: "levels" }, ...levels),
        element("div", { className: "ends" }, element("div", {}, t.low_label), element("div", {}, t.high_label))),
      element("label", { htmlFor: "comment" }, t.comment), element("p", { id: "hint" }, t.hint), comment, ...confirm, trap,
      ...(form.work ? [element("p", { role: "status" })] : []), element("button", {}, t.send));
    const frame = element("section", { lang: form.language, dir: form.direction, "aria-label": t.heading },
      element("h2", {}, t.heading));
    if (form.disclaimer) frame.append(element("p", { className: "note", role: "note" }, form.disclaimer));
    frame.append(drawnForm, element("p", {}, element("a", { href: host + form.privacy, target: "_blank" }, t.privacy)));
    let proof;
    // Begun when somebody begins to answer: then it is mostly done when they send.
    const begin = () => form.work && (proof ??= prove(form.token, form.work).catch(() => proof = null));
    drawnForm.addEventListener("focusin", begin);
    drawnForm.addEventListener("submit", (event) => {
      event.preventDefault();
      submit(form, drawnForm, alert, begin);
    });
    for (const [name, value] of entries) {
      const field = drawnForm.elements[name];
      if (field?.type === "checkbox") field.checked = true;
      else if (field) field.value = value;
    }
    shadow.replaceChildren(frame);
  };

  const submit = async (form, drawnForm, alert, begin) => {
    const answer = { ...Object.fromEntries(new FormData(drawnForm)), token: form.token, language: form.language };
    const sending = on, { page } = on;
    const thank = (text) => {
      const done = element("p", { tabIndex: -1, role: "status" }, text);
      // Meanwhile another page may have come, which is still to be answered.
      on.over ||= on.page === page;
      drafts.delete(page);
      drawnForm.replaceWith(done);
      done.focus();
    };
    if (!answer.rating) {
      alert.textContent = form.texts.choose;
      return shadow.getElementById("r1").focus();
    }
    if (form.texts.confirm && !answer.acknowledged) {
      alert.textContent = form.texts.confirm;
      return shadow.getElementById("acknowledged").focus();
    }
    const button = drawnForm.querySelector("button");
    button.disabled = sending.sent = true;
    if (form.work) {
      const busy = drawnForm.querySelector("[role=status]");
      busy.textContent = form.texts.working;
      const proof = await begin();
      if (proof) answer.proof = proof;
      busy.textContent = "";
    }
    try {
      const [status, reply] = await send(answer);
      if (status === 200) return thank(reply.message);
      alert.textContent = reply.error;
      shadow.getElementById(reply.field)?.focus();
    } catch {
      if (keep([...unsent(), answer])) return thank(form.texts.later);
      alert.textContent = form.texts.failed;
    }
    button.disabled = sending.sent = false;
    redraw();
  };

  const put = () => {
    const { target } = script.dataset;
    const place = target && document.querySelector(target);
    const inBody = document.body?.contains(script);
    if (place) return place.append(box);
    // The script may run before its place is there; and what stands in the head is not seen.
    if ((target || !inBody) && document.readyState === "loading") return addEventListener("DOMContentLoaded", put);
    if (target) complain(`there is no ${target} on this page`);
    if (inBody) script.after(box);
    else document.body.append(box);
  };
  put();
  redraw();
  deliver();
  addEventListener("online", () => { redraw(); deliver(); });
  document.addEventListener("prerenderingchange", redraw);
  addEventListener("popstate", redraw);
  if (window.navigation) navigation.addEventListener("navigatesuccess", redraw);
  // Browsers that tell nothing of a change of page: before somebody answers.
  else box.addEventListener("pointerenter", redraw);
  new MutationObserver(redraw).observe(root, { attributes: true, attributeFilter: ["class", "lang", "dir"] });
})();
