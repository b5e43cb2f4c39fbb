// Files say how far they are: first what has left this device, then what the server has checked or written of them. Without
// this script, or where nothing is told, the form is sent as any other.
(() => {
  "use strict";
  const LINES = "application/x-ndjson";
  const numbers = new Intl.NumberFormat(document.documentElement.lang);

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !("told" in form.dataset) || event.defaultPrevented) return;
    event.preventDefault();
    send(form);
  });

  const send = (form) => {
    const request = new XMLHttpRequest();
    let read = 0;
    const listen = () => {
      if (!(request.getResponseHeader("Content-Type") || "").startsWith(LINES)) return;
      const end = request.responseText.lastIndexOf("\n") + 1;
      for (const line of request.responseText.slice(read, end).split("\n")) if (line) hear(form, JSON.parse(line));
      read = end;
    };
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) draw(form, "send", event.loaded, event.total);
    });
    request.addEventListener("progress", listen);
    request.addEventListener("load", () => { listen(); if (!read) turn(request.responseText); });
    request.addEventListener("error", () => fail(form));
    request.open("POST", form.action);
    request.setRequestHeader("Accept", LINES);
    request.send(new FormData(form));
  };

  const hear = (form, line) => {
    if (line.go) location.assign(line.go);
    else if (line.page) turn(line.page);
    else draw(form, line.what, line.done, line.all);
  };

  // What is under way is said once; how much of it is only drawn, so that nobody is read a hundred numbers.
  const draw = (form, what, done, all) => {
    const said = form.querySelector("[data-said]");
    const words = said.dataset[what];
    if (words && said.textContent !== words) said.textContent = words;
    const bar = form.querySelector("progress");
    bar.max = all;
    bar.value = done;
    const whole = done >= all && what !== "write";
    if (whole) bar.removeAttribute("value");
    form.querySelector("[data-far]").textContent =
      whole ? "" : what === "send" ? `${Math.floor((done / all) * 100)}%` : `${numbers.format(done)} / ${numbers.format(all)}`;
  };

  const turn = (html) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    const main = page.querySelector("main");
    document.title = page.title;
    document.querySelector("main").replaceWith(document.adoptNode(main));
    scrollTo(0, 0);
    (main.querySelector("[autofocus]") || main).focus();
  };

  const fail = (form) => {
    form.dispatchEvent(new Event("unsent", { bubbles: true }));
    form.querySelector("[data-failed]").hidden = false;
  };
})();
