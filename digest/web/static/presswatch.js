// What the pages can do beyond HTML: keys, days that are chosen on the chart, and htmx where a page asks for it.
// Every page can be read, searched and acted on without this file.
"use strict";

(() => {
  const own = document.currentScript.dataset;
  const first = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  // What is remembered in this browser; where it may keep nothing, nothing is remembered.
  const remembered = (store, name) => { try { return store().getItem(name); } catch { return null; } };
  const remember = (store, name, value) => { try { store().setItem(name, value); } catch { /* not kept */ } };
  const always = () => localStorage, meanwhile = () => sessionStorage;

  // htmx, which weighs more than all else, is read when somebody goes to what has its attributes, or something is waited for.

  const ASKS = "[hx-get], [hx-post], [hx-action]";
  const untold = new Set();  // where something was typed or chosen while it came, which nobody heard
  const fetchHtmx = () => {
    ["focusin", "input"].forEach(touch => removeEventListener(touch, touched));
    const heard = event => { if (event.target.matches?.(ASKS)) untold.add(event.target); };
    const script = Object.assign(document.createElement("script"), { src: own.htmx });
    addEventListener("input", heard);
    script.addEventListener("load", () => setTimeout(() => {
      removeEventListener("input", heard);
      untold.forEach(field => ["input", "change"].forEach(told => field.dispatchEvent(new Event(told, { bubbles: true }))));
    }));
    document.head.append(script);
  };
  const touched = ({ target, type }) => {
    if (!target.matches?.(ASKS)) return;
    if (type === "input") untold.add(target);
    fetchHtmx();
  };
  ["focusin", "input"].forEach(touch => addEventListener(touch, touched));
  // Who was there before this file may have typed.
  const there = document.activeElement;
  if (there) touched({ target: there, type: there.value === there.defaultValue ? "focusin" : "input" });
  // A page that waits for something looks again by itself.
  if (first("[hx-trigger^=every]")) fetchHtmx();

  // Keys. The items of a page's list are the links that open them.

  const ITEMS = "[data-item], main .card > .head a, .timeline .head a, main tbody th a";
  const items = () => all(ITEMS).filter(item => item.checkVisibility?.() ?? true);
  let last = null;  // the item that had the focus last
  const current = () => items().find(item => item === document.activeElement) || (last && last.isConnected ? last : null);
  const field = () => first("#q") || first("#quick");
  const list = () => remembered(meanwhile, "list");
  const here = () => location.pathname + location.search;

  const step = by => {
    const found = items();
    const item = found[Math.max(0, Math.min(found.length - 1, found.indexOf(current()) + by))];
    item.focus({ preventScroll: true });
    (item.closest(".card, tr, li") || item).scrollIntoView({ block: "nearest", behavior: "instant" });
  };

  // key, what it does in words, when it can be used, what it does.
  const KEYS = [
    ["/", "search", field, () => { field().focus(); field().select(); }],
    ["j", "next item of the list", () => items().length, () => step(1)],
    ["k", "previous item of the list", () => items().length, () => step(-1)],
    ["o", "open the item (as Enter does)", () => items().length, () => current()?.click()],
    ["u", "back to the list", () => list() && list() !== here(), () => location.assign(list())],
    ["?", "this help", () => true, () => help()],
  ];
  const CHART = [
    ["← →", "on the chart: another bar"],
    ["Shift ← →", "on the chart: more bars; Enter shows their days"],
  ];
  const areOn = () => remembered(always, "keys") !== "off";

  addEventListener("keydown", event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
    if (!areOn() || first("dialog[open]") || event.target.closest?.("input, select, textarea, [contenteditable]")) return;
    const act = KEYS.find(([key, , may]) => key === event.key && may())?.[3];
    if (!act) return;
    event.preventDefault();
    act();
  });
  addEventListener("focusin", event => { if (event.target.matches?.(ITEMS)) last = event.target; });
  addEventListener("click", event => {
    if (event.target.closest?.(ITEMS)) remember(meanwhile, "list", here());
    if (event.target.closest?.(".keys")) help();
  });

  const make = (name, text = "", ...children) => {
    const made = document.createElement(name);
    made.append(text, ...children);
    return made;
  };

  function help() {
    const title = make("h2", "Keys of this page"), keys = make("dl"), close = make("button", "Close");
    const box = Object.assign(document.createElement("input"), { type: "checkbox", checked: areOn() });
    const dialog = make("dialog", "", title, keys, make("label", "", box, " Use these keys"), make("p",
      "Turn them off where they stand in the way of a screen reader or of dictation. This browser remembers it."), close);
    title.id = "keys-title";
    dialog.className = "sheet";
    dialog.setAttribute("aria-labelledby", title.id);
    const shown = [...KEYS.filter(([, , may]) => may()), ...(first(".chart") ? CHART : [])];
    keys.append(...shown.map(([key, words]) => make("div", "", make("dt", "", make("kbd", key)), make("dd", words))));
    box.addEventListener("change", () => remember(always, "keys", box.checked ? "on" : "off"));
    close.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  }

  // The chart: bars are chosen by dragging over them, or by arrow keys with Shift, and fill in the form of days below.

  all(".chart").forEach(chart => {
    const drawing = first("svg", chart), form = first("form", chart), told = first("output", chart);
    const bars = all("a", drawing);
    if (!form || !bars.length) return;
    const days = bars.map(bar => new URL(bar.href.baseVal, location.href).searchParams);
    const before = [form.elements.from.value, form.elements.to.value];
    let anchor = null, end = null, began = null;  // the first and last bar that are chosen, and where dragging began

    const choose = (from, to) => {
      [anchor, end] = [from, to];
      const low = Math.min(from, to), high = Math.max(from, to), none = from === null;
      bars.forEach((bar, at) => bar.classList.toggle("in", !none && low <= at && at <= high));
      form.elements.from.value = none ? before[0] : days[low].get("from");
      form.elements.to.value = none ? before[1] : days[high].get("to");
      told.textContent = none ? "" : `${form.elements.from.value} to ${form.elements.to.value} chosen`;
    };
    const reach = at => {
      bars.forEach((bar, place) => bar.setAttribute("tabindex", place === at ? 0 : -1));
      bars[at].focus();
    };
    bars.forEach((bar, at) => bar.setAttribute("tabindex", at === bars.length - 1 ? 0 : -1));

    drawing.addEventListener("keydown", event => {
      const at = bars.indexOf(document.activeElement);
      const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: bars.length - 1 }[event.key];
      if (event.key === "Escape") choose(null, null);
      else if (event.key === "Enter" && anchor !== null && anchor !== end) form.requestSubmit();
      else if (bars[to] && event.shiftKey) choose(anchor ?? at, to), reach(to);
      else if (bars[to]) choose(null, null), reach(to);
      else return;
      event.preventDefault();
    });

    const middles = () => bars.map(bar => bar.lastElementChild.getBoundingClientRect()).map(box => box.left + box.width / 2);
    const between = (low, high) => middles().flatMap((middle, at) => low <= middle && middle <= high ? [at] : []);
    drawing.addEventListener("dragstart", event => event.preventDefault());
    drawing.addEventListener("pointerdown", event => { if (event.button === 0) began = event.clientX; });
    drawing.addEventListener("pointermove", event => {
      if (began === null || (!drawing.hasPointerCapture(event.pointerId) && Math.abs(event.clientX - began) < 5)) return;
      drawing.setPointerCapture(event.pointerId);
      const found = between(Math.min(began, event.clientX), Math.max(began, event.clientX));
      if (found.length) choose(found[0], found.at(-1)); else choose(null, null);
    });
    drawing.addEventListener("pointerup", event => {
      const dragged = drawing.hasPointerCapture(event.pointerId);
      began = null;
      if (dragged && anchor !== null) form.requestSubmit();
    });
    drawing.addEventListener("pointercancel", () => { began = null; choose(null, null); });
    addEventListener("pageshow", event => { if (event.persisted) choose(null, null); });
    drawing.addEventListener("click", event => { if (anchor !== null) event.preventDefault(); }, true);
  });
})();
