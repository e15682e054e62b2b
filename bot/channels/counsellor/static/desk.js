// The counsellors' page. Vanilla JS; all text is set as text, never as HTML.
(() => {
  "use strict";
  const EVERY = 1500;
  const WHO = { seeker: "求职者", bot: "机器人", counsellor: "工作人员" };
  const STATES = { open: "等着", taken: "进行中", closed: "已结束" };
  const at = (id) => document.getElementById(id);
  let csrf = "", current = 0, last = 0, timer = 0, sending = null;

  function make(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) if (value != null) element.setAttribute(name, value);
    element.append(...children);
    return element;
  }

  function say(text) { at("status").textContent = text; }

  async function call(path, body) {
    const headers = { "Content-Type": "application/json", "X-CSRF-Token": csrf };
    const options = body ? { method: "POST", headers, body: JSON.stringify(body) } : {};
    const answer = await fetch(`api/${path}`, { credentials: "same-origin", ...options });
    const read = await answer.json().catch(() => ({}));
    if (!answer.ok) throw Object.assign(new Error(read.error || "服务器没有答应，请再试。"), { status: answer.status });
    return read;
  }

  /** Do something; say what went wrong. Without a session, back to the login. */
  async function attempt(work) {
    try { const done = await work(); say(""); return done; }
    catch (wrong) {
      if (wrong.status === 401 || (wrong.status === 403 && csrf)) enter();
      say(wrong.status ? wrong.message : "连不上服务器，正在重试……");
      return null;
    }
  }

  function enter() {
    csrf = ""; current = 0; last = 0;
    clearInterval(timer);
    at("desk").hidden = at("logout").hidden = true;
    at("enter").hidden = false;
    at("who").textContent = "";
    at("log").replaceChildren();
  }

  function open(me) {
    csrf = me.csrf;
    at("who").textContent = me.name;
    at("enter").hidden = true;
    at("desk").hidden = at("logout").hidden = false;
    at("canned").replaceChildren(at("canned").options[0], ...me.canned.map((text) => make("option", { value: text }, text)));
    clearInterval(timer);
    timer = setInterval(refresh, EVERY);
    refresh();
  }

  function entry(ticket) {
    const closed = ticket.state === "closed" ? `${ticket.closed_by === "seeker" ? "求职者" : ticket.taken_by || "系统"}结束` : STATES[ticket.state];
    const button = make("button", { type: "button", "data-ticket": ticket.id, "aria-current": ticket.id === current ? "true" : null },
      `${ticket.id}号 ${ticket.reason}`, make("small", {}, `${ticket.channel} · ${ticket.opened_at} · ${closed}`));
    button.addEventListener("click", () => show(ticket.id));
    return make("li", ticket.grave ? { class: "grave" } : {}, button);
  }

  /** Draw a list anew only when it changed, and keep the focus where it was. */
  function fill(name, tickets) {
    const drawn = JSON.stringify([tickets, current]);
    if (at(name).dataset.drawn === drawn) return;
    at(name).dataset.drawn = drawn;
    const focused = document.activeElement && at(name).contains(document.activeElement) ? document.activeElement.dataset.ticket : null;
    at(name).replaceChildren(...(tickets.length ? tickets.map(entry) : [make("li", {}, "没有")]));
    if (focused) at(name).querySelector(`[data-ticket="${focused}"]`)?.focus();
  }

  async function refresh() {
    const lists = await attempt(() => call("tickets"));
    if (!lists || !csrf) return;
    for (const name of ["waiting", "mine", "closed"]) fill(name, lists[name]);
    document.title = `${lists.waiting.length ? `（${lists.waiting.length}）` : ""}工作人员 · 智慧就业顾问`;
    await update();
  }

  async function show(ticket) {
    current = ticket; last = 0;
    at("log").replaceChildren();
    await refresh();
    at("title").focus();
  }

  async function update() {
    const wanted = current;
    if (!wanted) return;
    const talk = await attempt(() => call(`talk?ticket=${wanted}&after=${last}`));
    if (wanted !== current) return;
    if (!talk) { buttons(null); return; }
    at("title").textContent = `${talk.ticket.id}号 · ${talk.ticket.reason} · ${talk.ticket.channel} · ${STATES[talk.ticket.state]}`;
    for (const line of talk.said) {
      if (line.id <= last) continue;
      last = line.id;
      at("log").append(make("div", { class: `line ${line.sender}` }, make("b", {}, `${line.name || WHO[line.sender]} ${line.at}`), line.text));
    }
    if (talk.said.length) at("log").scrollTop = at("log").scrollHeight;
    if (talk.unsent) say(`有${talk.unsent}条没发出去：对方收不到，请打电话联系。`);
    buttons(talk.ticket);
  }

  function buttons(ticket) {
    const mine = Boolean(ticket && ticket.state === "taken" && ticket.mine);
    at("take").hidden = !(ticket && ticket.state === "open");
    at("back").hidden = at("close").hidden = at("reply").hidden = !mine;
  }

  const act = (name) => async () => { await attempt(() => call(name, { ticket: current })); await refresh(); if (name === "take") at("text").focus(); };

  at("login").addEventListener("submit", async (event) => {
    event.preventDefault();
    const me = await attempt(() => call("login", { name: at("name").value, password: at("password").value, code: at("code").value }));
    at("password").value = at("code").value = "";
    if (me) open(me);
  });
  at("logout").addEventListener("click", async () => { await attempt(() => call("logout", {})); enter(); });
  for (const name of ["take", "back", "close"]) at(name).addEventListener("click", act(name));
  at("canned").addEventListener("change", (event) => {
    if (!event.target.value) return;
    at("text").value = event.target.value;
    event.target.value = "";
    at("text").focus();
  });
  at("text").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.ctrlKey && !event.isComposing) { event.preventDefault(); at("reply").requestSubmit(); }
  });
  at("reply").addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = at("text").value.trim();
    if (!text) return;
    // The same words tried again carry the same key: the seeker gets them once.
    if (!sending || sending.text !== text || sending.ticket !== current) sending = { ticket: current, text, key: `${Date.now()}-${Math.random().toString(36).slice(2)}` };
    if (await attempt(() => call("reply", sending))) { sending = null; at("text").value = ""; }
    await refresh();
  });
  call("me").then(open, enter);
})();
