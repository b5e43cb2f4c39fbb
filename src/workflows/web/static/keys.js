// Shortcuts (screens.md §6). They move the focus and follow links; they never decide anything.
// Off while somebody types, with any modifier held, and where the person switched them off.
(() => {
  "use strict";
  if (document.body.dataset.shortcuts !== "on") return;
  let going = false;

  const find = (selector) => document.querySelector(selector);
  const typing = (node) => node.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(node.tagName);
  const focus = (node) => { if (node) { node.focus(); node.scrollIntoView({ block: "nearest" }); } return Boolean(node); };
  const follow = (node) => { if (node) node.click(); return Boolean(node); };

  const step = (by) => {
    const rows = [...document.querySelectorAll("[data-rows] a[href], .task-title a")];
    if (!rows.length) return false;
    const at = rows.indexOf(document.activeElement);
    return focus(rows[Math.min(rows.length - 1, Math.max(0, at + by))]);
  };

  const list = () => {
    const dialog = find("dialog#keys");
    if (dialog && !dialog.open) dialog.showModal();
    return Boolean(dialog);
  };

  const single = {
    "/": () => focus(find(".rail-search input")) || focus(find("main input[type=search]")),
    j: () => step(1),
    k: () => step(-1),
    a: () => focus(find("#decide .btn-act")),
    r: () => focus(find("#decide button[value=send_back]")),
    n: () => follow(find("[data-key=next]")),
    "?": list,
  };
  const after_g = {
    w: () => follow(find("[data-key=work]")),
    s: () => follow(find("[data-key=start]")),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
    const key = event.key.toLowerCase();
    const action = going ? after_g[key] : single[key];
    going = !going && key === "g";
    if (action && action()) event.preventDefault();
  });
})();
