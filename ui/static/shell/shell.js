// Some small things that only the browser can do for the application.
"use strict";

// Streamlit otherwise looks for its server below the address of the page first, and logs an error.
window.__streamlit = { BACKEND_BASE_URL: location.origin };

// 1. When a live connection closes, and now and then, for one may fall silent without being closed, ask whether the
// session still holds; if not, show the sign-in page. Where nobody answers for two minutes, nothing of the plan stays on
// a screen that nobody can lock any more: the page is emptied, and drawn anew once the application answers.
(() => {
  const Plain = window.WebSocket, AWAY = 120_000, AGAIN = 5_000, NOW_AND_THEN = 30_000;
  let asking = false, since = 0, emptied = false, next = 0;
  const empty = () => {
    emptied = true;
    const told = document.createElement("p");
    told.id = "planner-away";
    told.setAttribute("role", "status");
    told.textContent = document.getElementById("planner-look")?.dataset.away ?? "";
    document.body.replaceChildren(told);
    document.title = "";
  };
  const ask = async () => {
    if (asking) return;
    asking = true;
    try {
      const answer = await fetch("/session/", { cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(AGAIN) });
      since = 0;
      if (answer.status === 401) {
        const here = location.pathname + location.search;
        location.replace("/login" + (here === "/" ? "" : "?next=" + encodeURIComponent(here)));
      } else if (answer.status === 403) location.replace("/password");
      else if (emptied) location.reload();
    } catch { // The application is down: Streamlit says so.
      since ||= Date.now();
      if (!emptied && Date.now() - since >= AWAY) empty();
    } finally { asking = false; later(); }
  };
  const later = () => {
    clearTimeout(next);
    next = setTimeout(ask, since ? AGAIN : NOW_AND_THEN);
  };
  later();
  // A page that comes back from the browser's memory of pages, after signing out, is asked for too.
  addEventListener("pageshow", (shown) => { if (shown.persisted) ask(); });
  window.WebSocket = class extends Plain {
    constructor(...given) { super(...given); this.addEventListener("close", ask); }
  };
})();

// 2. Language, text size and contrast stand on the root element, so that one style sheet serves them at once.
(() => {
  const root = document.documentElement;
  const follow = () => {
    const look = document.getElementById("planner-look");
    if (!look) return;
    for (const [name, wanted] of [["lang", look.dataset.language], ["data-text", look.dataset.text], ["data-contrast", look.dataset.contrast]])
      if (wanted && root.getAttribute(name) !== wanted) root.setAttribute(name, wanted);
  };
  new MutationObserver(follow).observe(root, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-language", "data-text", "data-contrast"] });
})();

// 3. «/» goes to the search field of the page, except while something is being typed.
document.addEventListener("keydown", (pressed) => {
  if (pressed.key !== "/" || pressed.ctrlKey || pressed.metaKey || pressed.altKey) return;
  if (pressed.target.closest?.("input, textarea, select, [contenteditable='true']")) return;
  const field = [...document.querySelectorAll("input[type='search']")].find((one) => one.getClientRects().length);
  if (!field) return;
  pressed.preventDefault();
  field.focus();
});

// 4. Whoever wants less motion sees a part open at once: Streamlit moves it by script and does not ask. What is pressed
// while it opens would slip away from under the pointer.
(() => {
  const less = matchMedia("(prefers-reduced-motion: reduce)"), animate = Element.prototype.animate;
  Element.prototype.animate = function (...given) {
    const made = animate.apply(this, given);
    if (less.matches && made.effect.getComputedTiming().endTime !== Infinity) made.finish();
    return made;
  };
})();
