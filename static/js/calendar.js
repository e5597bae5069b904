/* The desk's calendar: draws the days that the server sent with the page, moves visits by drag, opens the sheets that
   do the same without dragging, and looks every few seconds whether another desk has changed anything.
   All words come from the server; what is refused there goes back to where it was. */
(() => {
  "use strict";

  const root = document.getElementById("calendar");
  const sheet = document.getElementById("cal-sheet");
  if (!root || !sheet || !window.EventCalendar) return;

  const LOOK_AGAIN_MS = 3000;
  const HOLD_TO_DRAG_MS = 350;
  const QUARTER_PX = 24;
  /* the least that a finger hits, with the hairline between two visits; shorter than ten minutes is for the sheet */
  const TOUCH_PX = 45;
  const LEAST_MINUTES = 10;
  const byFinger = window.matchMedia("(pointer: coarse), (max-width: 47.99rem)");
  let days = JSON.parse(document.getElementById("calendar-feed").textContent);
  let touching = false;

  /* ---------- Small things ---------- */
  const two = (number) => String(number).padStart(2, "0");
  const day = (at) => `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  const hour = (at) => `${two(at.getHours())}:${two(at.getMinutes())}`;
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
  const nameOf = (id) => days.masters.find((master) => master.id === id)?.title;

  function node(tag, className, ...children) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    made.append(...children.filter(Boolean));
    return made;
  }

  /* the day grows where a visit would be too short for a finger */
  function quarter() {
    if (!byFinger.matches) return QUARTER_PX;
    return Math.max(QUARTER_PX, Math.ceil((TOUCH_PX * 15) / Math.max(days.shortest, LEAST_MINUTES)));
  }

  /* a name keeps its own direction, and loses its end, not its beginning, where there is no room */
  function named(text) {
    const made = node("b", "", text);
    made.dir = "auto";
    return made;
  }

  function icon(name) {
    const holder = node("span");
    holder.innerHTML = `<svg class="icon" aria-hidden="true" focusable="false"><use></use></svg>`;
    holder.querySelector("use").setAttribute("href", `${root.dataset.icons}#${name}`);
    return holder.firstChild;
  }

  /* ---------- The server ---------- */
  async function read(address) {
    const answer = await fetch(address);
    /* whoever was logged out meanwhile is led to the door */
    if (answer.redirected) location.reload();
    if (!answer.ok) throw new Error(answer.status);
    return answer;
  }

  /* One step: true if it was done. Else the sheet says why. */
  async function step(address, body) {
    const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
    let said;
    try {
      const answer = await fetch(address, { method: "POST", body, headers: { "X-CSRFToken": token } });
      if (answer.redirected) location.reload();
      if (!answer.ok && answer.status !== 409) throw new Error(answer.status);
      said = await answer.json();
    } catch {
      lost();
      return false;
    }
    if (said.sheet) {
      show(said.sheet);
      await refresh().catch(() => {});
      return false;
    }
    if (sheet.matches(":popover-open")) sheet.hidePopover();
    toast(said.toasts);
    /* it is done, whether or not it can be seen at once: the next look brings it */
    await refresh().catch(() => {});
    return true;
  }

  function toast(html) {
    toasted(...new DOMParser().parseFromString(html, "text/html").getElementById("toasts").children);
  }

  function lost() {
    toasted(document.getElementById("cal-lost").content.cloneNode(true));
  }

  function toasted(...lines) {
    const toasts = document.getElementById("toasts");
    toasts.replaceChildren(...lines);
    /* app.js wakes what htmx brings; this came the same way */
    toasts.dispatchEvent(new CustomEvent("htmx:afterSettle", { bubbles: true }));
  }

  /* ---------- The sheet ---------- */
  function show(html) {
    sheet.innerHTML = html;
    window.htmx.process(sheet);
    if (!sheet.matches(":popover-open")) sheet.showPopover();
    sheet.querySelector("h2").focus({ preventScroll: true });
  }

  async function open(address) {
    try {
      show(await (await read(address)).text());
    } catch {
      lost();
    }
  }

  document.addEventListener("click", (event) => {
    const opens = event.target.closest("[data-sheet]");
    if (!opens || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    open(opens.dataset.sheet);
  });

  /* forms of the sheet, and Undo in a toast of a step that was taken here */
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      const isUndo = form.closest("#toasts") && new URL(form.action).pathname.startsWith(root.dataset.home);
      if (!isUndo && !("step" in form.dataset)) return;
      event.preventDefault();
      event.stopPropagation();
      step(form.action, new FormData(form, event.submitter));
    },
    { capture: true },
  );

  /* ---------- What is drawn ---------- */
  function content({ event }) {
    const { display, extendedProps: more, start, end } = event;
    if (display === "background") return { domNodes: event.title ? [node("span", "cal-why", event.title)] : [] };
    if (display === "pointer") return { domNodes: [node("span", "cal-plus num", `+ ${hour(start)}`)] };
    const isHeld = display === "preview";
    const who = days.week ? "" : nameOf(event.resourceIds[0]);
    const lines = [
      node(
        "span",
        "cal-line",
        !event.allDay && node("span", "num", isHeld ? `${hour(start)}–${hour(end)} ` : `${hour(start)} `),
        named(event.title),
        more.icon && icon(more.icon),
      ),
      more.state && node("span", "what state", more.icon && icon(more.icon), more.state),
      more.what && node("span", "what", more.what),
      more.where && node("span", "what", icon("door"), more.where),
      node("span", "visually-hidden", [!event.allDay && ` –${hour(end)}`, who, more.held].filter(Boolean).join(", ")),
    ];
    if (display !== "auto") return { domNodes: [node("div", "cal-open", ...lines)] };
    const button = node("button", "cal-open", ...lines);
    button.type = "button";
    button.dataset.sheet = more.url;
    button.dataset.visit = event.id;
    return { domNodes: [...more.pauses.map(([from, to]) => pause(from, to, more.length)), button] };
  }

  /* it works by itself meanwhile: drawn lighter in its block, as far as that reaches */
  function pause(from, to, length) {
    const made = node("span", "cal-pause");
    made.style.insetBlockStart = `${(from / length) * 100}%`;
    made.style.blockSize = `${((to - from) / length) * 100}%`;
    return made;
  }

  function column({ resource }) {
    const master = days.masters.find((each) => each.id === resource.id);
    if (!master) return "";
    const button = node("button", "cal-top", named(master.title), node("small", "num", master.hours));
    button.type = "button";
    button.dataset.sheet = master.url;
    if (master.id === days.own) button.dataset.own = "";
    return { domNodes: [button] };
  }

  function dayHead(at) {
    const words = days.days[day(at)];
    if (!words) return "";
    const link = node("a", "cal-top", node("b", "num", String(at.getDate())), node("small", "", words.weekday));
    link.href = `?day=${day(at)}`;
    link.setAttribute("aria-label", words.long);
    return { domNodes: [link] };
  }

  /* The widget calls itself a table, which it is not: visits are buttons that say themselves whose and when they are. */
  function mend() {
    for (const one of root.querySelectorAll("[role=table], [role=row], [role=rowgroup], [role=cell], [role=columnheader]")) {
      for (const name of ["role", "aria-colindex", "aria-colspan"]) one.removeAttribute(name);
    }
    for (const one of root.querySelectorAll("aside, .ec-main > header")) one.setAttribute("role", "presentation");
    for (const one of root.querySelectorAll(".ec-col-head > time")) one.removeAttribute("aria-label");
    const main = root.querySelector(".ec-main");
    main.tabIndex = 0;
    main.setAttribute("role", "group");
    main.setAttribute("aria-label", root.getAttribute("aria-label"));
  }

  const calendar = window.EventCalendar.create(root, {
    view: days.week ? "timeGridWeek" : "resourceTimeGridDay",
    date: days.week ? days.first_on : days.day,
    firstDay: days.first_weekday,
    timeZone: days.offset,
    headerToolbar: { start: "", center: "", end: "" },
    resources: days.masters,
    events: days.events,
    allDaySlot: days.events.some((event) => event.allDay),
    allDayContent: { domNodes: [] },
    slotMinTime: days.from,
    slotMaxTime: days.to,
    slotDuration: "00:15:00",
    slotLabelInterval: "01:00:00",
    slotLabelFormat: hour,
    slotHeight: quarter(),
    snapDuration: { minutes: days.grid },
    slotEventOverlap: false,
    scrollTime: days.scroll_to,
    columnWidth: days.week ? "minmax(6.5rem, 1fr)" : "minmax(8.5rem, 1fr)",
    nowIndicator: true,
    pointer: true,
    editable: true,
    longPressDelay: HOLD_TO_DRAG_MS,
    resourceLabelContent: column,
    dayHeaderFormat: dayHead,
    dayHeaderAriaLabelFormat: () => "",
    eventContent: content,
    eventAllUpdated: mend,
    dateClick: book,
    eventDragStart: hold,
    eventResizeStart: hold,
    eventDragStop: letGo,
    eventResizeStop: letGo,
    eventDrop: moved,
    eventResize: moved,
  });
  mend();
  requestAnimationFrame(bring);

  /* today, or who looks on: in the middle of a screen that does not hold everybody */
  function bring() {
    const one = root.querySelector(days.week ? ".ec-body .ec-today" : "[data-own]");
    if (!one) return;
    const main = root.querySelector(".ec-main");
    const middle = (box) => box.left + box.width / 2;
    main.scrollBy(middle(one.getBoundingClientRect()) - middle(main.getBoundingClientRect()), 0);
  }

  function hold() {
    touching = true;
  }

  function letGo() {
    touching = false;
  }

  /* a call comes in, a browser takes the finger for its own: nobody says that the dragging has stopped */
  window.addEventListener("pointercancel", letGo);

  function book({ date, allDay, resource }) {
    if (day(date) < days.today) return;
    const query = new URLSearchParams({ master: resource?.id ?? days.masters[0].id, day: day(date) });
    if (!allDay) query.set("at", hour(date));
    location.assign(`${root.dataset.book}?${query}`);
  }

  async function moved(info) {
    const { event, oldEvent, newResource, oldResource } = info;
    const more = event.extendedProps;
    /* held, and let go where it was */
    if (!newResource && +event.start === +oldEvent.start && +event.end === +oldEvent.end) return;
    const start = new Date(event.start.getTime() - more.into * 60000);
    const body = new FormData();
    body.set("day", day(start));
    body.set("at", hour(start));
    body.set("sequence", more.sequence);
    body.set("master", (newResource ?? { id: event.resourceIds[0] }).id);
    body.set("instead_of", (oldResource ?? { id: event.resourceIds[0] }).id);
    const minutes = (event.end - event.start) / 60000;
    if (minutes !== (oldEvent.end - oldEvent.start) / 60000) body.set("minutes", minutes);
    if (!(await step(`${more.url}move/`, body))) info.revert();
  }

  /* ---------- By keyboard: the arrows go from visit to visit ---------- */
  const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
  root.addEventListener("keydown", (event) => {
    const from = event.target.closest("[data-visit]");
    const way = ARROWS[event.key];
    if (!from || !way) return;
    event.preventDefault();
    const middle = (one) => {
      const box = one.getBoundingClientRect();
      return [box.x + box.width / 2, box.y + box.height / 2];
    };
    const [x, y] = middle(from);
    const ahead = [...root.querySelectorAll("[data-visit]")]
      .map((one) => [one, middle(one)])
      .filter(([, at]) => (at[0] - x) * way[0] + (at[1] - y) * way[1] > 4)
      /* straight on counts for more than to the side */
      .map(([one, at]) => [one, Math.hypot((at[0] - x) * (way[0] ? 1 : 8), (at[1] - y) * (way[1] ? 1 : 8))])
      .sort((one, other) => one[1] - other[1]);
    ahead[0]?.[0].focus();
  });

  /* ---------- Live ---------- */
  async function refresh() {
    const fresh = await (await read(root.dataset.feed)).json();
    if (touching) return;
    const focused = document.activeElement?.dataset.visit;
    const before = days;
    days = fresh;
    if (!same(before.masters, fresh.masters)) calendar.setOption("resources", fresh.masters);
    if (before.from !== fresh.from) calendar.setOption("slotMinTime", fresh.from);
    if (before.to !== fresh.to) calendar.setOption("slotMaxTime", fresh.to);
    if (before.shortest !== fresh.shortest) calendar.setOption("slotHeight", quarter());
    calendar.setOption("allDaySlot", fresh.events.some((event) => event.allDay));
    calendar.setOption("events", fresh.events);
    if (focused) setTimeout(() => root.querySelector(`[data-visit="${focused}"]`)?.focus({ preventScroll: true }));
  }

  async function look() {
    if (document.hidden || touching) return;
    try {
      const { stamp } = await (await read(root.dataset.stamp)).json();
      if (stamp !== days.stamp) await refresh();
    } catch {
      /* no network for a moment: the next look finds it */
    }
  }

  async function live() {
    await look();
    setTimeout(live, LOOK_AGAIN_MS);
  }

  byFinger.addEventListener("change", () => calendar.setOption("slotHeight", quarter()));
  document.addEventListener("visibilitychange", look);
  setTimeout(live, LOOK_AGAIN_MS);
})();
