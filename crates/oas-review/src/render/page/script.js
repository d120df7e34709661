"use strict";
const findings = Array.from(document.querySelectorAll(".finding"));
const sections = Array.from(document.querySelectorAll("section"));
const search = document.getElementById("search");
const boxes = Array.from(document.querySelectorAll("fieldset input"));
const shown = document.getElementById("shown");
const texts = new Map(findings.map((one) => [one, one.dataset.search.toLowerCase()]));
const reveal = () => {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const kinds = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
  let count = 0;
  for (const one of findings) {
    const isMeant = one.dataset.kind === "slip" || kinds.has(one.dataset.kind);
    const fits = isMeant && words.every((word) => texts.get(one).includes(word));
    if (one.hidden === fits) one.hidden = !fits;
    if (fits) count += 1;
  }
  for (const section of sections) section.hidden = !section.querySelector(".finding:not([hidden])");
  shown.textContent = count === findings.length ? `${count} shown` : `${count} of ${findings.length} shown`;
};
let waiting = 0;
search.addEventListener("input", () => {
  cancelAnimationFrame(waiting);
  waiting = requestAnimationFrame(reveal);
});
for (const box of boxes) box.addEventListener("change", reveal);
const step = (by) => {
  const visible = findings.filter((one) => !one.hidden);
  const at = visible.indexOf(document.activeElement.closest(".finding"));
  const next = visible[at < 0 ? (by > 0 ? 0 : visible.length - 1) : at + by];
  if (next) {
    next.firstElementChild.focus();
    next.scrollIntoView({ block: "center" });
  }
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && event.target === search) {
    search.value = "";
    reveal();
    search.blur();
    return;
  }
  if (event.target.matches("input[type=search]")) return;
  const box = /^[1-6]$/.test(event.key) ? boxes[Number(event.key) - 1] : undefined;
  if (event.key === "/") {
    search.focus();
  } else if (event.key === "j" || event.key === "k") {
    step(event.key === "j" ? 1 : -1);
  } else if (event.key === "o" || event.key === "c") {
    for (const one of findings) one.open = event.key === "o" && !one.hidden;
  } else if (box) {
    box.click();
  } else {
    return;
  }
  event.preventDefault();
});
reveal();
