// A deadline that passes while the page stands open turns red, as it would if the page were loaded anew.
//   <time class="chip" datetime="ISO" data-passed="已超期">
(() => {
  "use strict";
  const MINUTE = 60000;

  const turn = () => {
    for (const chip of document.querySelectorAll("time.chip[data-passed]")) {
      if (Date.parse(chip.dateTime) > Date.now() || chip.classList.contains("chip-late")) continue;
      chip.textContent = chip.dataset.passed;
      chip.classList.remove("chip-soon");
      chip.classList.add("chip-late");
    }
  };
  window.setInterval(turn, MINUTE);
})();
