// <jiuye-chat>: the chat widget. Vanilla JS in a shadow root; all text is set as text, never as HTML.
(() => {
  "use strict";
  const HERE = new URL(document.currentScript.src);
  const SOCKET = new URL("../socket.io", HERE).pathname;
  const TOKEN = "jiuye-token", LARGE = "jiuye-large";
  // Of this tab alone: whether it is open, where it is read, what is not sent yet.
  const OPEN = "jiuye-open", PLACE = "jiuye-place", UNSENT = "jiuye-unsent";
  // Where the box fills the screen, or would cover the page's own text.
  const WHOLE = "(max-width: 480px), (max-height: 480px)", NARROW = "(max-width: 899px), (max-height: 480px)";
  const WHY = [["off", "没答我问的"], ["unclear", "看不懂"], ["wrong", "不对或过时了"], ["no_help", "办不成事"]];
  const WELCOME = {
    type: "text",
    text: "你好，我是就业顾问。政策、补贴、找工作，直接问就行，怎么说都可以。",
    buttons: ["失业金怎么领", "创业贷款能贷多少", "想在沈阳找个保安的活", "你都能干啥"].map((t) => ({ title: t, says: t })),
  };
  const FITS = [["fits", "对得上"], ["may_fit", "可能对得上"], ["does_not", "对不上"]];
  const STYLE = `
:host { all: initial; color-scheme: light dark; --ink: #1c2733; --soft: #4a5a6a; --paper: #f3f6f9; --card: #fff; --line: #8595a5;
  --blue: #0b4f8a; --on-blue: #fff; --warn: #8a3b00; --warn-paper: #fff3e6; --size: 17px; }
@media (prefers-color-scheme: dark) { :host { --ink: #e6edf3; --soft: #b5c2ce; --paper: #10171e; --card: #1a2530; --line: #6b7d8e;
  --blue: #9bceff; --on-blue: #06192b; --warn: #ffc58f; --warn-paper: #37240f; } }
:host([large]) { --size: 22px; }
* { box-sizing: border-box; font-family: "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; }
button { font: inherit; cursor: pointer; }
:focus-visible { outline: 3px solid var(--blue); outline-offset: 2px; }
.launch { position: fixed; right: 24px; bottom: 24px; border: 0; border-radius: 32px; padding: 14px 22px; font-size: 18px; background: var(--blue); color: var(--on-blue); box-shadow: 0 4px 16px #0005; }
.box { position: fixed; right: 24px; bottom: 24px; width: min(440px, calc(100vw - 32px)); height: min(720px, calc(100vh - 48px)); display: flex; flex-direction: column;
  background: var(--paper); color: var(--ink); font-size: var(--size); line-height: 1.65; border: 1px solid var(--line); border-radius: 16px; overflow: hidden; box-shadow: 0 8px 32px #0006; }
[hidden] { display: none !important; }
.head { display: flex; align-items: center; gap: 8px; padding: 10px 14px; background: #0b4f8a; color: #fff; }
.head h2 { flex: 1; margin: 0; font-size: 1.1em; line-height: 1.2; }
.head button { background: transparent; color: #fff; border: 1px solid #ffffffa0; border-radius: 8px; padding: 3px .6em; font-size: .88em; white-space: nowrap; }
.head button[aria-pressed="true"], .head button[aria-expanded="true"] { background: #fff; color: #0b4f8a; }
.head :focus-visible { outline-color: #fff; }
.log { position: relative; flex: 1; overflow-y: auto; padding: 14px; display: flex; flex-direction: column; gap: 12px; margin: 0; }
.row { max-width: 94%; }
.row.person { align-self: flex-end; background: var(--blue); color: var(--on-blue); border-radius: 14px 14px 2px 14px; padding: 8px 14px; white-space: pre-wrap; overflow-wrap: anywhere; }
.row.unsent { background: var(--card); color: var(--ink); border: 1px dashed var(--line); }
.mark { display: none; font-size: .8em; color: var(--soft); }
:host([offline]) .unsent .mark, .held .mark { display: block; }
.row.bot { align-self: flex-start; background: var(--card); border: 1px solid var(--line); border-radius: 14px 14px 14px 2px; padding: 10px 14px; overflow-wrap: anywhere; }
.row.crisis { border: 2px solid var(--warn); background: var(--warn-paper); }
.row h3 { margin: 0 0 6px; font-size: 1.05em; color: var(--blue); }
.row p { margin: 0 0 6px; white-space: pre-wrap; }
.next { border-left: 4px solid var(--blue); padding-left: 10px; }
.law { margin: 0 0 8px; padding: 2px 10px; border-left: 4px double var(--soft); }
.row:has(.posting) { width: 100%; }
.posting { border-top: 1px solid var(--line); padding: 8px 0; line-height: 1.45; }
.posting h4 { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 12px; margin: 0; font-size: 1em; }
.posting p { margin: 2px 0; }
.posting details { border: 0; padding: 0; }
.pay { font-weight: 700; color: var(--blue); }
.soft, .posting ul { color: var(--soft); font-size: .92em; }
.posting .place { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.foot { display: flex; align-items: start; justify-content: space-between; gap: 12px; }
.foot details { flex: 1; }
.foot button { flex: none; }
.warn { color: var(--warn); background: var(--warn-paper); border-radius: 8px; padding: 2px 8px; }
details { border-top: 1px solid var(--line); padding-top: 6px; color: var(--soft); font-size: .92em; }
summary { cursor: pointer; color: var(--blue); }
details ol, details ul, section ul { margin: 6px 0; padding-left: 1.4em; }
.copy { border: 1px solid var(--line); background: transparent; color: var(--blue); border-radius: 8px; padding: 2px 10px; }
.choices { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 8px; }
.choices button, .foot button { background: transparent; color: var(--blue); border: 1px solid var(--blue); border-radius: 18px; padding: 4px 14px; }
.desk, .own { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 4px 12px; margin: 0; padding: 6px 14px; font-size: .9em; line-height: 1.4; }
.desk { background: var(--warn-paper); color: var(--warn); }
.own { background: var(--card); border-bottom: 1px solid var(--line); }
.desk button, .own button, .votes button, .held button { border: 1px solid var(--line); border-radius: 8px; background: transparent; color: inherit; padding: 1px 8px; font-size: .9em; }
.votes { margin-top: 8px; font-size: .9em; color: var(--blue); }
.votes > button { margin-right: 6px; }
.votes div { display: flex; flex-wrap: wrap; gap: 6px; margin-top: 6px; color: var(--ink); }
.votes button[aria-pressed="true"] { background: var(--blue); color: var(--on-blue); }
.status { min-height: 1.5em; padding: 0 14px; color: var(--soft); font-size: .9em; }
form { display: flex; gap: 8px; padding: 10px 14px 14px; background: var(--card); border-top: 1px solid var(--line); margin: 0; }
textarea { flex: 1; resize: none; height: 3.2em; padding: 8px; font: inherit; line-height: 1.4; color: inherit; background: var(--paper); border: 1px solid var(--line); border-radius: 10px; }
.send { background: var(--blue); color: var(--on-blue); border: 0; border-radius: 10px; padding: 0 18px; }
@media ${WHOLE} { .box { inset: 0; width: 100vw; height: 100dvh; border: 0; border-radius: 0; } }
@media (max-height: 480px) { .head { padding: 4px 14px; } .log { padding: 8px 14px; } .status { min-height: 0; } form { padding: 6px 14px; } textarea { height: 2.4em; padding: 6px 8px; } .desk { padding: 2px 14px; } .row { max-width: 46em; } }
@media (prefers-reduced-motion: no-preference) { .row { animation: rise .18s ease-out; } @keyframes rise { from { opacity: .2; } } }`;

  /** Make an element with attributes and children; strings become text. */
  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (value !== false && value != null) element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children.filter((child) => child != null && child !== false));
    return element;
  }

  function cited(citation) {
    let text = `《${citation.document}》`;
    if (citation.number) text += `（${citation.number}）`;
    if (citation.article) text += citation.article;
    if (citation.issuer) text += `，${citation.issuer}`;
    if (citation.effective_from) text += `，自${citation.effective_from}起`;
    return text + (citation.second_hand ? "（据整理资料，以经办机构为准）" : "");
  }

  class JiuyeChat extends HTMLElement {
    connectedCallback() {
      if (this.shadowRoot) return;
      this.seq = 0;
      this.seen = new Set();
      this.unsent = new Map(this.stored(UNSENT, []) || []); // by id: what the server has not said that it took
      this.bubbles = new Map(); // by id: rows that the server has not numbered yet
      this.state = "none"; // of the hand-off
      this.count = 0;
      this.build();
      this.connect();
    }

    build() {
      const root = this.attachShadow({ mode: "open" });
      this.launch = make("button", { class: "launch", type: "button", onclick: () => this.show(true) }, "问就业顾问");
      this.log = make("div", { class: "log", role: "log", "aria-live": "polite", "aria-label": "对话", tabindex: "0", onscroll: () => this.size === this.sized() && this.mark(), onclick: (event) => this.unfolded(event) });
      this.status = make("div", { class: "status", role: "status" });
      this.field = make("textarea", { "aria-label": "想问什么", placeholder: "想问什么，直接说", maxlength: "2000", rows: "2" });
      this.field.addEventListener("keydown", (event) => this.key(event));
      this.largeButton = make("button", { type: "button", "aria-pressed": "false", onclick: () => this.large(!this.hasAttribute("large")) }, "大字");
      this.moreButton = make("button", { type: "button", "aria-expanded": "false", "aria-controls": "own", onclick: () => this.more(this.own.hidden) }, "更多");
      // What deletes stands away from the field: a thumb that misses it must not delete anything.
      this.own = make("div", { class: "own", id: "own", hidden: true }, "只记这次说的话，用来接着往下聊。",
        make("button", { type: "button", onclick: () => { this.more(false); this.field.focus(); this.send("删掉我的信息"); } }, "删掉我的信息"));
      this.box = make("section", { class: "box", "aria-label": "智慧就业顾问" },
        make("div", { class: "head" }, make("h2", {}, "智慧就业顾问"), this.largeButton, this.moreButton,
          make("button", { type: "button", "aria-label": "收起对话", onclick: () => this.show(false) }, "收起")),
        this.own, this.desk = make("div", { class: "desk", role: "status", "aria-label": "人工服务", hidden: true }),
        this.log, this.status,
        make("form", { onsubmit: (event) => { event.preventDefault(); this.sendTyped(); } },
          this.field, make("button", { class: "send", type: "submit" }, "发送")));
      root.append(make("style", {}, STYLE), this.launch, this.box);
      this.turn(this.begins());
      this.box.addEventListener("keydown", (event) => { if (event.key === "Escape") this.show(false); });
      if (this.stored(LARGE)) this.large(true);
      this.add(this.bot(WELCOME));
      for (const [id, text] of this.unsent) this.bubble(id, text);
      // Turned, resized, or the keyboard came up: what was read stays in sight.
      new ResizeObserver(() => this.restore()).observe(this.log);
    }

    /** What is kept under a name: for all tabs as text, or for this tab alone (`other` when there is nothing). */
    stored(name, other) {
      try { return other === undefined ? localStorage.getItem(name) : JSON.parse(sessionStorage.getItem(name)) ?? other; } catch { return other ?? null; }
    }
    store(name, value) { try { localStorage.setItem(name, value); } catch { /* private mode: this page only */ } }
    keep(name, value) { try { sessionStorage.setItem(name, JSON.stringify(value)); } catch { /* as above */ } }

    /** Whether it begins open: as it was left; on another page of a site it covers no whole screen again. */
    begins() {
      const left = this.stored(OPEN, null), come = performance.getEntriesByType("navigation")[0]?.type;
      if (left !== null && (come !== "navigate" || !matchMedia(WHOLE).matches)) return left;
      return this.hasAttribute("open") || !(this.hasAttribute("closed") || matchMedia(NARROW).matches);
    }

    turn(open) {
      this.box.hidden = !open;
      this.launch.hidden = open;
      this.toggleAttribute("shown", open); // the page may make room
    }

    show(open) {
      this.turn(open);
      this.keep(OPEN, open);
      (open ? this.field : this.launch).focus();
      if (!open) return;
      if (this.due) this.look(this.due); else this.restore();
      this.due = null;
    }

    more(open) {
      this.own.hidden = !open;
      this.moreButton.setAttribute("aria-expanded", String(open));
    }

    large(on) {
      this.toggleAttribute("large", on);
      this.largeButton.setAttribute("aria-pressed", String(on));
      this.store(LARGE, on ? "1" : "");
      this.restore();
    }

    /** The log's size; where it has changed, a scroll is the browser's own and the place is not left. */
    sized() { return `${this.log.clientWidth}x${this.log.clientHeight}`; }

    /** Note the place that is read: the first piece in sight and how much of it is above; null at the end. */
    mark() {
      const log = this.log;
      if (this.box.hidden) return;
      this.size = this.sized();
      const seen = (one) => one.offsetTop + one.offsetHeight > log.scrollTop + 1;
      const row = [...log.children].find(seen);
      const end = !row || log.scrollTop + log.clientHeight >= log.scrollHeight - 4;
      const all = end ? [] : this.pieces(row), piece = all.find(seen) || row;
      this.place = end ? null : { piece, part: (log.scrollTop - piece.offsetTop) / piece.offsetHeight };
      if (this.filled) this.keep(PLACE, end ? [-1] : [Number(row.dataset.seq || 0), all.indexOf(piece), this.place.part]);
    }

    // No row may be moved by CSS: what is in it would be measured from the row, not from the log.
    pieces(row) { return [...row.querySelectorAll("p, li, h3, h4, summary, button")]; }

    restore() {
      const at = this.place?.piece.isConnected ? this.place : null;
      this.size = this.sized();
      this.log.scrollTop = at ? at.piece.offsetTop + at.part * at.piece.offsetHeight : this.log.scrollHeight;
    }

    /** Show a row: to its end, or from its beginning when it is long. */
    look(row) {
      if (this.box.hidden) { this.due ??= row; return; }
      const below = row.offsetTop + row.offsetHeight, long = row.offsetHeight > this.log.clientHeight - 40;
      if (long) this.log.scrollTop = row.offsetTop - 10;
      else this.log.scrollTop = Math.max(below - this.log.clientHeight, row.nextElementSibling ? 0 : this.log.scrollHeight);
      this.mark();
    }

    /** What was just unfolded scrolls into sight, its head at least. */
    unfolded(event) {
      const fold = event.target.closest("summary")?.parentNode;
      if (fold) requestAnimationFrame(() => fold.open && this.reveal(fold));
    }

    reveal(element) {
      const here = this.log.getBoundingClientRect(), its = element.getBoundingClientRect();
      const below = its.bottom + 8 - here.bottom;
      if (below > 0) this.log.scrollTop += Math.min(below, its.top - here.top - 8);
    }

    connect() {
      // Several workers take websockets only; polling is for networks that let none through.
      const socket = (this.socket = io(HERE.origin, {
        path: SOCKET,
        reconnectionDelayMax: 3000,
        transports: ["websocket", "polling"],
        tryAllTransports: true,
      }));
      const request = () => {
        this.asked = this.stored(TOKEN);
        socket.emit("session_request", { token: this.asked, seq: this.seq });
      };
      socket.on("connect", request);
      socket.on("session_confirm", ({ token, messages, seq }) => {
        // Of two tabs that came first at the same time the later one takes the other's session.
        const other = this.stored(TOKEN);
        if (!this.asked && other && other !== token) return request();
        this.token = token;
        this.store(TOKEN, token);
        if (seq < this.seq) { this.seq = 0; this.seen.clear(); }
        const first = !this.filled;
        messages.forEach((message) => this.take(message, first));
        if (first) this.fill();
        this.online(true);
        this.say("");
        for (const [id, text] of this.unsent) this.emit(id, text);
      });
      addEventListener("storage", ({ key }) => {
        // Both wrote theirs before either read the other's: what stands there now is both's, but
        // for who has begun to talk.
        const now = key === TOKEN && this.stored(TOKEN);
        if (!now || !this.token || now === this.token) return;
        if (this.spoke) this.store(TOKEN, this.token);
        else { this.online(false); this.token = null; request(); }
      });
      socket.on("bot_uttered", (message) => { this.say(""); this.take(message); });
      socket.on("hand_off", (now) => this.handOff(now));
      socket.on("forget", ({ before }) => this.forget(before));
      socket.on("person_uttered", (message) => this.take(message));
      socket.on("disconnect", () => { this.online(false); this.say("连接断了，正在重连……"); });
      socket.on("connect_error", () => this.online(false) || this.say("连不上，正在重试……"));
    }

    say(text) { this.status.textContent = text; }

    online(on) { this.ready = on; this.toggleAttribute("offline", !on); }

    /** Go to where the conversation was left before a reload, else to what was asked last. */
    fill() {
      const [seq, n, part] = this.stored(PLACE, [null]);
      const rows = [...this.log.children];
      const row = rows.find((one) => Number(one.dataset.seq || 0) === seq);
      const asked = rows.filter((one) => one.matches(".person")).pop();
      this.filled = true;
      this.place = row ? { piece: this.pieces(row)[n] || row, part } : asked && seq !== -1 ? { piece: asked, part: 0 } : null;
      this.due = null;
      this.restore();
    }

    take({ from, text, message, seq, id }, quiet) {
      if (seq && this.seen.has(seq)) return;
      let row = from === "person" ? this.bubbles.get(id) : null;
      const mine = Boolean(row);
      if (mine) this.taken(row, id, text);
      else row = this.add(from === "person" ? this.person(text) : this.bot(message || { type: "text", text }, seq), quiet);
      if (from === "person") this.spoke = true;
      if (!seq) return;
      row.dataset.seq = seq;
      this.seen.add(seq);
      this.seq = Math.max(this.seq, seq);
      // Two workers of the server may speak at once: the numbers are the order; what has none yet comes last.
      const later = [...this.log.querySelectorAll(".unsent, [data-seq]")].find((one) => one !== row && !(Number(one.dataset.seq) < seq));
      if (later && later !== row.nextElementSibling) later.before(row);
      else if (!later && mine && row.nextElementSibling) this.log.append(row);
    }

    /** The server has a message: its bubble is as it has it (numbers of a person's own are hidden). */
    taken(row, id, text) {
      this.bubbles.delete(id);
      this.sent(id);
      row.classList.remove("unsent");
      row.replaceChildren(make("span", {}, text));
    }

    sent(id) {
      this.unsent.delete(id);
      this.keep(UNSENT, [...this.unsent]);
    }

    /** Take away what the server does not keep any more: the person had it deleted, or it expired. */
    forget(before) {
      const gone = [...this.log.querySelectorAll("[data-seq]")].filter((row) => before === null || Number(row.dataset.seq) < before);
      if (!gone.length) return;
      // What is read or pressed must not vanish under the keyboard.
      if (gone.some((row) => row.contains(this.shadowRoot.activeElement))) this.field.focus();
      gone.forEach((row) => row.remove());
      this.say("前面的对话已经清空。");
    }

    key(event) {
      // 229: the key belongs to the input method; Enter then ends a word, not the message.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
      event.preventDefault();
      this.sendTyped();
    }

    sendTyped() {
      const text = this.field.value.trim();
      if (!text) return;
      this.field.value = "";
      this.send(text);
    }

    send(text) {
      const id = `${Date.now()}-${Math.random().toString(36).slice(2)}`;
      this.spoke = true;
      this.unsent.set(id, text);
      this.keep(UNSENT, [...this.unsent]);
      this.bubble(id, text);
      if (this.ready) this.emit(id, text);
      else this.say("还没连上，连上就发，不用再打一遍。");
    }

    /** What is said stands there at once, also while nothing can be sent. */
    bubble(id, text) {
      const row = this.person(text);
      row.classList.add("unsent");
      row.append(make("span", { class: "mark" }, "还没发出去，连上就发"));
      this.bubbles.set(id, row);
      this.add(row);
    }

    emit(id, text) {
      // While a counsellor has the conversation nobody looks anything up.
      this.say(this.state === "taken" ? "" : "正在查……");
      this.socket.emit("user_uttered", { message: text, id }, (taken) => {
        if (taken && taken !== "later") this.sent(id);
        if (taken === "held") this.held(id, text);
        if (taken === "later") this.later(id, text);
      });
    }

    /** The server could not keep it: said so, and sent again, until it is kept. */
    later(id, text) {
      this.say("那边出了点问题，这条还没记下，过几秒自动再发。");
      setTimeout(() => { if (this.ready && this.unsent.has(id)) this.emit(id, text); }, 3000);
    }

    /** Too much at once was not taken: it can be sent again from its bubble. */
    held(id, text) {
      const row = this.bubbles.get(id);
      if (!row) return;
      this.bubbles.delete(id);
      row.classList.add("held");
      row.lastChild.replaceChildren("这条没发出去 ", make("button", { type: "button", onclick: () => { this.field.focus(); row.remove(); this.send(text); } }, "再发"));
    }

    /** Add a row; `quiet` while the history is filled in, which is looked at when all is there. */
    add(row, quiet) {
      this.log.append(row);
      if (!quiet) this.look(row);
      return row;
    }

    person(text) { return make("div", { class: "row person" }, make("span", {}, text)); }

    handOff({ state, by, when }) {
      this.state = state;
      this.desk.hidden = state === "none";
      if (state === "taken") this.say("");
      const told = when ? `记下了，工作人员${when}上班后在这里回你` : "已告诉工作人员，等他来";
      this.desk.replaceChildren(state === "taken" ? `工作人员${by}在跟你说话` : told,
        make("button", { type: "button", onclick: () => { this.field.focus(); this.send("不用人工了"); } }, state === "taken" ? "不聊了" : "不等了"));
    }

    vote(seq) {
      const pressed = (button) => { for (const one of button.parentNode.children) if (one.hasAttribute("aria-pressed")) one.setAttribute("aria-pressed", String(one === button)); };
      const choice = (title, choose) => make("button", { type: "button", "aria-pressed": "false", onclick: ({ target }) => { pressed(target); choose(); } }, title);
      const give = (vote, why) => this.socket.emit("vote", { seq, vote, why });
      let why = null; // asked once an answer
      const votes = make("div", { class: "votes", role: "group", "aria-label": "这条回答" },
        choice("有用", () => { give("up"); why?.remove(); why = null; }),
        choice("没用", () => {
          if (why) return;
          give("down");
          why = make("div", { role: "group", "aria-label": "哪儿没用" }, "哪儿没用？", ...WHY.map(([name, title]) => choice(title, () => { give("down", name); this.say("记下了。"); })));
          votes.append(why);
          this.reveal(votes);
        }));
      return votes;
    }

    bot(message, seq) {
      const row = make("div", { class: `row bot${message.status === "crisis" ? " crisis" : ""}` });
      if (message.type === "policy_answer" && message.title) row.append(make("h3", {}, message.title));
      const said = message.type === "law_quote" ? row.appendChild(make("blockquote", { class: "law" })) : row;
      const lines = (message.beside_cards || message.text || "").split("\n");
      for (const line of lines) if (line) said.append(make("p", {}, line));
      if (message.whole && !said.textContent.includes(message.whole.replaceAll("\n", ""))) row.append(this.whole(message));
      const [cards, others] = this.numbered(message);
      (message.items || []).forEach((item, n) => row.append(this.posting(item, message.items.length > 1 ? n + 1 : 0, cards.get(n + 1))));
      (message.cards || []).forEach((card, n) => row.append(this.card(card, message.cards.length > 1 ? `${n + 1}. ` : "")));
      if (message.notes) row.append(make("p", { class: "soft" }, message.notes));
      for (const [key, head] of FITS) if ((message[key] || []).length) row.append(this.fitting(key, head, message[key]));
      if (message.next_step && !said.textContent.includes(message.next_step)) row.append(make("p", { class: "next" }, `接下来：${message.next_step}`));
      if ((message.citations || []).length) row.append(this.sources(message.citations));
      if (others.length) row.append(this.choices(others));
      // Chat is no answer that could be of use.
      if (seq && message.act && (message.type !== "text" || message.status === "no_policy") && ["answered", "postings", "no_policy"].includes(message.status)) row.append(this.vote(seq));
      return row;
    }

    /** The buttons that name a card (第2个), by its number, and the others. A new list takes those of older ones away: 第2个 is of the last. */
    numbered(message) {
      const cards = new Map(), others = [];
      for (const button of message.buttons || []) {
        const number = message.items?.length && Number(/^第(\d+)个/.exec(button.title)?.[1]);
        if (number) cards.set(number, button); else others.push(button);
      }
      if (cards.size) this.log.querySelectorAll(".foot button").forEach((one) => one.remove());
      return [cards, others];
    }

    /** A posting in a few lines; what else is known of it folds out. `number` is 0 where only one is shown. */
    posting(item, number, button) {
      const [reason, ...reasons] = item.reasons, [warning, ...warnings] = item.warnings;
      const rest = [make("li", {}, `单位：${item.employer}`), ...reasons.map((one) => make("li", {}, one)), ...warnings.map((one) => make("li", {}, `注意：${one}`))];
      return make("article", { class: "posting" },
        make("h4", {}, make("span", {}, number ? `${number}. ${item.title}` : item.title), make("span", { class: "pay" }, item.salary_text)),
        make("p", { class: "soft place" }, `${item.region} · ${item.employer}`),
        reason && make("p", {}, reason), warning && make("p", { class: "warn" }, `注意：${warning}`),
        item.description && this.described(item.description),
        item.origin && make("p", { class: "soft" }, item.origin),
        make("div", { class: "foot" }, make("details", {}, make("summary", {}, `还有${rest.length}条`), make("ul", {}, ...rest)),
          button && make("button", { type: "button", "aria-label": `${button.title} 详细：${item.title}`, onclick: () => this.send(button.says) }, `${button.title} 详细`)));
    }

    /** A station, a fair or a course. */
    card(card, number) {
      return make("article", { class: "posting" }, make("h4", {}, number + card.title), ...card.lines.map((line) => make("p", {}, line)));
    }

    /** What a posting says itself: a long one begins, and folds out whole. */
    described(text) {
      if (text.length <= 300) return make("p", {}, text);
      return make("div", {}, make("p", {}, `${text.slice(0, 200)}……`), make("details", {}, make("summary", {}, "岗位全文"), make("p", {}, text)));
    }

    fitting(key, head, items) {
      const list = make("ul", {}, ...items.map((item) => make("li", {}, make("strong", {}, item.title), `：${item.reasons.join("；")}`,
        key !== "does_not" && item.next_step ? make("div", { class: "next" }, `接下来：${item.next_step}`) : null)));
      if (key === "fits") return make("section", {}, make("h4", {}, head), list);
      return make("details", { open: key === "may_fit" }, make("summary", {}, `${head}（${items.length}）`), list);
    }

    whole(message) {
      return make("details", { class: "whole" }, make("summary", {}, `${message.article}全文`),
        ...message.whole.split("\n").map((line) => make("p", {}, line)));
    }

    sources(citations) {
      const lines = citations.map(cited);
      const id = `source-${++this.count}`;
      const copy = make("button", { class: "copy", type: "button", onclick: async () => {
        try { await navigator.clipboard.writeText(lines.join("\n")); this.say("出处已复制。"); }
        catch { this.say("复制不了，请长按选中。"); }
      } }, "复制出处");
      return make("details", { id }, make("summary", {}, "依据"),
        make("ol", {}, ...lines.map((line, n) => make("li", { id: `${id}-${n + 1}` }, line))), copy);
    }

    choices(buttons) {
      return make("div", { class: "choices" }, ...buttons.map((button) =>
        make("button", { type: "button", onclick: () => this.send(button.says) }, button.title)));
    }
  }
  customElements.define("jiuye-chat", JiuyeChat);
  // On a site that names only the script the element is made here, and begins as a button.
  const begin = () => document.querySelector("jiuye-chat") || document.body.append(make("jiuye-chat", { closed: true }));
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin); else begin();
})();
