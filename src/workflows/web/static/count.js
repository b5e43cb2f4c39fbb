// Keeps what was true when the page was made true while it stands open: remaining hours, and deadlines that pass.
//   <… data-until="ISO" data-pattern="还有 {h} 小时 {m} 分">   counted down every minute
//   <time class="chip" datetime="ISO" data-passed="已超期">    turns red when its moment has passed
(() => {
  "use strict";
  const MINUTE = 60000;

  const left = (node, now) => {
    const minutes = Math.floor((Date.parse(node.dataset.until) - now) / MINUTE);
    if (minutes < 0) return;
    node.textContent = node.dataset.pattern.replace("{h}", Math.floor(minutes / 60)).replace("{m}", minutes % 60);
  };
  const passed = (node, now) => {
    if (Date.parse(node.dateTime) > now || node.classList.contains("chip-late")) return;
    node.textContent = node.dataset.passed;
    node.classList.remove("chip-soon");
    node.classList.add("chip-late");
  };

  const turn = () => {
    const now = Date.now();
    document.querySelectorAll("[data-until][data-pattern]").forEach((node) => left(node, now));
    document.querySelectorAll("time.chip[data-passed]").forEach((node) => passed(node, now));
  };
  window.setInterval(turn, MINUTE);
})();
