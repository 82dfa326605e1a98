"use strict";
(() => {
  const search = document.getElementById("search");
  const order = document.getElementById("order");
  const shown = document.getElementById("shown");
  const main = document.getElementById("files");
  // Of the source only the marked line: what stands around it would often be found in a site's neighbours as well.
  const searched = (file, site) => {
    const parts = [...site.querySelectorAll("summary, dl, mark, .reason")].map((part) => part.textContent);
    return [`${file.dataset.file}:${site.dataset.line}`, ...parts].join(" ").toLowerCase();
  };
  const files = [...main.querySelectorAll(".file")].map((element) => ({
    element,
    name: element.dataset.file,
    sites: [...element.querySelectorAll(".site")].map((site) => ({
      element: site,
      text: searched(element, site),
      calls: Number(site.dataset.calls),
      line: Number(site.dataset.line),
      first: site.dataset.first,
      last: site.dataset.last,
    })),
  }));
  const total = files.reduce((sum, file) => sum + file.sites.length, 0);

  const later = (one, other) => (one < other ? 1 : one > other ? -1 : 0);
  const byName = (one, other) => later(other.name, one.name);
  const latest = (file, name) => file.sites.map((site) => site[name]).reduce((one, other) => (one > other ? one : other));
  const calls = (file) => file.sites.reduce((sum, site) => sum + site.calls, 0);
  const byTime = (name) => ({
    sites: (one, other) => later(one[name], other[name]),
    files: (one, other) => later(latest(one, name), latest(other, name)),
  });
  const ORDERS = {
    calls: { sites: (one, other) => other.calls - one.calls, files: (one, other) => calls(other) - calls(one) },
    last: byTime("last"),
    first: byTime("first"),
    file: { sites: () => 0, files: byName },
  };

  const sort = () => {
    const by = ORDERS[order.value];
    files.sort((one, other) => by.files(one, other) || byName(one, other));
    for (const file of files) {
      file.sites.sort((one, other) => by.sites(one, other) || one.line - other.line);
      file.element.append(...file.sites.map((site) => site.element));
    }
    main.append(...files.map((file) => file.element));
  };

  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const file of files) {
      for (const site of file.sites) {
        site.element.hidden = !words.every((word) => site.text.includes(word));
        count += !site.element.hidden;
      }
      file.element.hidden = file.sites.every((site) => site.element.hidden);
    }
    shown.textContent = `${count} of ${total} shown`;
  };

  const step = (by) => {
    const summaries = [...main.querySelectorAll(".site:not([hidden]) > summary")];
    const site = document.activeElement.closest(".site");
    const here = site ? summaries.indexOf(site.firstElementChild) : by > 0 ? -1 : summaries.length;
    const next = summaries[here + by];
    if (next) {
      next.focus();
      next.scrollIntoView({ block: "nearest" });
    }
  };

  const clear = () => {
    search.value = "";
    filter();
  };

  const KEYS = {
    "/": () => search.focus(),
    j: () => step(1),
    k: () => step(-1),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Escape") return clear();
    if (event.target.matches("input, select") || !KEYS[event.key]) return;
    event.preventDefault();
    KEYS[event.key]();
  });
  search.addEventListener("input", filter);
  order.addEventListener("change", sort);
  document.getElementById("controls").addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("controls").hidden = false;
  sort();  // a browser may keep the choice over a reload
  filter();
})();
