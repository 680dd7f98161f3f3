"use strict";
(() => {
  const field = document.querySelector("input");
  const count = document.querySelector("output");
  const links = [...document.querySelectorAll("article a.cite")];
  let current = -1;
  let hits = [];
  let hit = -1;

  const clear = () => {
    for (const element of document.querySelectorAll(".on")) element.classList.remove("on");
  };

  const show = (link) => {
    clear();
    link.classList.add("on");
    current = links.indexOf(link);
    const number = link.dataset.cite;
    const marks = document.querySelectorAll(`mark[data-cites~="${number}"]`);
    for (const mark of marks) mark.classList.add("on");
    const goal = marks[0] || document.getElementById(link.hash.slice(1));
    if (!goal) return;
    goal.scrollIntoView({ block: "center" });
    // Pages that were never laid out have a guessed height: go again once they have their own.
    requestAnimationFrame(() => goal.scrollIntoView({ block: "center" }));
  };

  // Walk the citations from the current one, round the end, to the next that is wanted.
  const go = (by, wanted) => {
    const count = links.length;
    const from = current < 0 && by < 0 ? 0 : current;
    for (let far = 1; far <= count; far += 1) {
      const link = links[(((from + by * far) % count) + count) % count];
      if (!wanted(link)) continue;
      show(link);
      link.scrollIntoView({ block: "nearest" });
      link.focus({ preventScroll: true });
      return;
    }
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.cite");
    if (link) show(link); // the jump is left to the browser, so that it can go back
  });

  const texts = () => {
    const found = [];
    for (const root of document.querySelectorAll("main, aside")) {
      const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) found.push(walker.currentNode);
    }
    return found;
  };

  const search = () => {
    hits = [];
    hit = -1;
    const wanted = field.value.toLowerCase();
    if (wanted.length > 1) {
      for (const node of texts()) {
        const text = node.data.toLowerCase();
        if (text.length !== node.data.length) continue;
        for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
          const range = new Range();
          range.setStart(node, at);
          range.setEnd(node, at + wanted.length);
          hits.push(range);
        }
      }
    }
    if (window.CSS && CSS.highlights) CSS.highlights.set("search", new Highlight(...hits.slice(0, 5000)));
    count.value = wanted.length > 1 ? `${hits.length} found` : "";
  };

  const step = (by) => {
    if (!hits.length) return;
    hit = (hit + by + hits.length) % hits.length;
    hits[hit].startContainer.parentElement.scrollIntoView({ block: "center" });
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(hits[hit]);
    count.value = `${hit + 1} of ${hits.length}`;
  };

  let waiting = 0;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(search, 120);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    clearTimeout(waiting);
    if (hit < 0) search();
    step(event.shiftKey ? -1 : 1);
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      field.value = "";
      search();
      clear();
      field.blur();
    }
    if (event.target === field || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/") {
      event.preventDefault();
      field.focus();
    }
    if (event.key === "j") go(1, () => true);
    if (event.key === "k") go(-1, () => true);
    if (event.key === "d") go(1, (link) => !link.classList.contains("found"));
  });
})();
