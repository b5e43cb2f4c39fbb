// Saves what is typed 3 seconds after the last key and says so. Without a connection it stays in this tab and is tried again.
(() => {
  "use strict";
  const QUIET = 3000;
  const form = document.querySelector("form[data-draft]");
  if (!form) return;
  const said = document.querySelector("[data-draft-said]");
  const url = form.dataset.draftUrl || "/drafts";
  let timer = 0;

  const say = (text) => { if (said) said.textContent = text; };

  const save = async () => {
    const body = new FormData(form);
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
    body.delete("_row");
    body.set("_place", form.dataset.draft);
    try {
      const answer = await fetch(url, { method: "POST", body, credentials: "same-origin", headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      say((await answer.json()).said);
    } catch {
      say(form.dataset.draftOffline || "");
      timer = window.setTimeout(save, 10 * QUIET);
    }
  };

  form.addEventListener("input", () => { window.clearTimeout(timer); timer = window.setTimeout(save, QUIET); });
  form.addEventListener("submit", () => window.clearTimeout(timer));
})();
