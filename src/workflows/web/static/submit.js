// A pressed submit says 正在提交…, shows what is hidden until then (a bar for what takes longer), and ignores the second press. The submission's key makes a second one harmless anyway.
(() => {
  "use strict";
  const busy = document.body.dataset.busy;

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !("once" in form.dataset)) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    for (const waiting of form.querySelectorAll("[data-while-sent]")) waiting.hidden = false;
    const button = event.submitter;
    if (!button || !button.textContent.trim()) return;
    button.dataset.says = button.textContent;
    button.setAttribute("aria-disabled", "true");
    button.textContent = busy;
  });

  const open = (form) => {
    delete form.dataset.sent;
    for (const waiting of form.querySelectorAll("[data-while-sent]")) waiting.hidden = true;
    for (const button of document.querySelectorAll("button[data-says]")) {
      button.textContent = button.dataset.says;
      button.removeAttribute("aria-disabled");
      delete button.dataset.says;
    }
  };

  // Sent in vain: the same form can be sent once more.
  document.addEventListener("unsent", (event) => open(event.target));

  // Coming back with the browser's own button finds the page as it was left: open it again.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) for (const form of document.querySelectorAll("form[data-sent]")) open(form);
  });
})();
