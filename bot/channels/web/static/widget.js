// <jiuye-chat>: the chat widget. Vanilla JS in a shadow root; all text is set as text, never as HTML.
(() => {
  "use strict";
  const HERE = new URL(document.currentScript.src);
  const SOCKET = new URL("../socket.io", HERE).pathname;
  const TOKEN = "jiuye-token", LARGE = "jiuye-large";
  const WELCOME = {
    type: "text",
    text: "您好，我是就业顾问。政策、补贴、找工作，直接问就行，怎么说都可以。",
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
.head h2 { flex: 1; margin: 0; font-size: 1.1em; }
.head button { background: transparent; color: #fff; border: 1px solid #ffffffa0; border-radius: 8px; padding: 3px 10px; font-size: 15px; }
.head button[aria-pressed="true"] { background: #fff; color: #0b4f8a; }
.head :focus-visible { outline-color: #fff; }
.log { position: relative; flex: 1; overflow-y: auto; padding: 14px; display: flex; flex-direction: column; gap: 12px; margin: 0; }
.row { max-width: 94%; }
.row.person { align-self: flex-end; background: var(--blue); color: var(--on-blue); border-radius: 14px 14px 2px 14px; padding: 8px 14px; white-space: pre-wrap; overflow-wrap: anywhere; }
.row.bot { align-self: flex-start; background: var(--card); border: 1px solid var(--line); border-radius: 14px 14px 14px 2px; padding: 10px 14px; overflow-wrap: anywhere; }
.row.crisis { border: 2px solid var(--warn); background: var(--warn-paper); }
.row h3 { margin: 0 0 6px; font-size: 1.05em; color: var(--blue); }
.row p { margin: 0 0 6px; white-space: pre-wrap; }
.next { border-left: 4px solid var(--blue); padding-left: 10px; }
.law { margin: 0 0 8px; padding: 2px 10px; border-left: 4px double var(--soft); }
.posting { border-top: 1px solid var(--line); padding: 8px 0; }
.posting h4 { margin: 0; font-size: 1em; }
.pay { font-weight: 700; color: var(--blue); }
.posting ul { margin: 4px 0; padding-left: 1.2em; color: var(--soft); }
.warn { color: var(--warn); background: var(--warn-paper); border-radius: 8px; padding: 4px 8px; }
details { border-top: 1px solid var(--line); padding-top: 6px; color: var(--soft); font-size: .92em; }
summary { cursor: pointer; color: var(--blue); }
details ol, details ul, section ul { margin: 6px 0; padding-left: 1.4em; }
.copy { border: 1px solid var(--line); background: transparent; color: var(--blue); border-radius: 8px; padding: 2px 10px; }
.choices { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 8px; }
.choices button { background: transparent; color: var(--blue); border: 1px solid var(--blue); border-radius: 18px; padding: 4px 14px; }
.desk { margin: 0; padding: 4px 14px; background: var(--warn-paper); color: var(--warn); }
.own { padding: 0 14px 4px; color: var(--soft); font-size: .8em; }
.own button, .votes button { margin-left: 6px; border: 1px solid var(--line); border-radius: 8px; background: transparent; color: var(--blue); padding: 1px 8px; font-size: .85em; }
.votes button[aria-pressed="true"] { background: var(--blue); color: var(--on-blue); }
.status { min-height: 1.5em; padding: 0 14px; color: var(--soft); font-size: .9em; }
form { display: flex; gap: 8px; padding: 10px 14px 14px; background: var(--card); border-top: 1px solid var(--line); margin: 0; }
textarea { flex: 1; resize: none; height: 3.2em; padding: 8px; font: inherit; line-height: 1.4; color: inherit; background: var(--paper); border: 1px solid var(--line); border-radius: 10px; }
.send { background: var(--blue); color: var(--on-blue); border: 0; border-radius: 10px; padding: 0 18px; }
@media (max-width: 480px) { .box { inset: 0; width: 100vw; height: 100dvh; border: 0; border-radius: 0; } }
@media (prefers-reduced-motion: no-preference) { .row { animation: rise .18s ease-out; } @keyframes rise { from { opacity: .2; transform: translateY(6px); } } }`;

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
      this.unsent = new Map(); // by id: what the server has not said that it took
      this.count = 0;
      this.build();
      this.connect();
    }

    build() {
      const root = this.attachShadow({ mode: "open" });
      this.launch = make("button", { class: "launch", type: "button", onclick: () => this.show(true) }, "问就业顾问");
      this.log = make("div", { class: "log", role: "log", "aria-live": "polite", "aria-label": "对话", tabindex: "0" });
      this.status = make("div", { class: "status", role: "status" });
      this.field = make("textarea", { "aria-label": "想问什么", placeholder: "想问什么，直接说", maxlength: "2000", rows: "2" });
      this.field.addEventListener("keydown", (event) => this.key(event));
      const large = make("button", { type: "button", "aria-pressed": "false", onclick: () => this.large(!this.hasAttribute("large")) }, "大字");
      this.largeButton = large;
      this.box = make("section", { class: "box", "aria-label": "智慧就业顾问" },
        make("div", { class: "head" }, make("h2", {}, "智慧就业顾问"), large,
          make("button", { type: "button", "aria-label": "收起对话", onclick: () => this.show(false) }, "收起")),
        this.desk = make("p", { class: "desk", role: "status", "aria-label": "人工服务", hidden: true }),
        this.log, this.status,
        make("div", { class: "own" }, "只记这次说的话，用来接着往下聊。",
          make("button", { type: "button", onclick: () => this.send("删掉我的信息") }, "删掉我的信息")),
        make("form", { onsubmit: (event) => { event.preventDefault(); this.sendTyped(); } },
          this.field, make("button", { class: "send", type: "submit" }, "发送")));
      root.append(make("style", {}, STYLE), this.launch, this.box);
      this.box.hidden = this.hasAttribute("closed") || (window.innerWidth <= 480 && !this.hasAttribute("open"));
      this.launch.hidden = !this.box.hidden;
      this.box.addEventListener("keydown", (event) => { if (event.key === "Escape") this.show(false); });
      if (this.stored(LARGE)) this.large(true);
      this.bot(WELCOME);
    }

    stored(name) { try { return localStorage.getItem(name); } catch { return null; } }
    store(name, value) { try { localStorage.setItem(name, value); } catch { /* private mode: this page only */ } }

    show(open) {
      this.box.hidden = !open;
      this.launch.hidden = open;
      (open ? this.field : this.launch).focus();
    }

    large(on) {
      this.toggleAttribute("large", on);
      this.largeButton.setAttribute("aria-pressed", String(on));
      this.store(LARGE, on ? "1" : "");
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
        messages.forEach((message) => this.take(message));
        this.ready = true;
        this.say("");
        for (const [id, text] of this.unsent) this.emit(id, text);
      });
      addEventListener("storage", ({ key }) => {
        // Both wrote theirs before either read the other's: what stands there now is both's, but
        // for who has begun to talk.
        const now = key === TOKEN && this.stored(TOKEN);
        if (!now || !this.token || now === this.token) return;
        if (this.spoke) this.store(TOKEN, this.token);
        else { this.ready = false; this.token = null; request(); }
      });
      socket.on("bot_uttered", (message) => { this.say(""); this.take(message); });
      socket.on("hand_off", (now) => this.handOff(now));
      socket.on("forget", ({ before }) => this.forget(before));
      socket.on("person_uttered", (message) => this.take(message));
      socket.on("disconnect", () => { this.ready = false; this.say("连接断了，正在重连……"); });
      socket.on("connect_error", () => this.say("连不上，正在重试……"));
    }

    say(text) { this.status.textContent = text; }

    take({ from, text, message, seq }) {
      if (seq && this.seen.has(seq)) return;
      if (from === "person") this.spoke = true;
      const row = from === "person" ? this.person(text) : this.bot(message || { type: "text", text }, seq);
      if (!seq) return;
      row.dataset.seq = seq;
      this.seen.add(seq);
      // Two workers of the server may speak at once: the numbers are the order.
      if (seq > this.seq) this.seq = seq;
      else [...this.log.querySelectorAll("[data-seq]")].find((one) => Number(one.dataset.seq) > seq)?.before(row);
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
      if (this.ready) this.emit(id, text);
      else this.say("还没连上，连上就发。");
    }

    emit(id, text) {
      this.say("正在查……");
      this.socket.emit("user_uttered", { message: text, id }, (taken) => { if (taken) this.unsent.delete(id); });
    }

    add(row) {
      this.log.append(row);
      // A long answer is read from its beginning.
      const tall = row.offsetHeight > this.log.clientHeight - 40;
      this.log.scrollTop = tall ? row.offsetTop - 10 : this.log.scrollHeight;
      return row;
    }

    person(text) { return this.add(make("div", { class: "row person" }, text)); }

    handOff({ state, by }) {
      this.desk.hidden = state === "none";
      this.desk.textContent = state === "taken" ? `工作人员${by}在跟您说话` : "已告诉工作人员，等他来";
    }

    vote(seq) {
      const choose = (vote) => (event) => {
        this.socket.emit("vote", { seq, vote });
        for (const one of event.target.parentNode.children) one.setAttribute("aria-pressed", String(one === event.target));
      };
      return make("div", { class: "votes", role: "group", "aria-label": "这条回答" },
        make("button", { type: "button", "aria-pressed": "false", onclick: choose("up") }, "有用"),
        make("button", { type: "button", "aria-pressed": "false", onclick: choose("down") }, "没用"));
    }

    bot(message, seq) {
      const row = make("div", { class: `row bot${message.status === "crisis" ? " crisis" : ""}` });
      if (message.type === "policy_answer" && message.title) row.append(make("h3", {}, message.title));
      const said = message.type === "law_quote" ? row.appendChild(make("blockquote", { class: "law" })) : row;
      for (const line of (message.text || "").split("\n")) if (line) said.append(make("p", {}, line));
      if (message.whole && !said.textContent.includes(message.whole.replaceAll("\n", ""))) row.append(this.whole(message));
      for (const item of message.items || []) row.append(this.posting(item));
      for (const [key, head] of FITS) if ((message[key] || []).length) row.append(this.fitting(key, head, message[key]));
      if (message.next_step) row.append(make("p", { class: "next" }, `接下来：${message.next_step}`));
      if ((message.citations || []).length) row.append(this.sources(message.citations));
      if ((message.buttons || []).length) row.append(this.choices(message.buttons));
      if (seq && ["answered", "postings", "no_policy"].includes(message.status) && message.act) row.append(this.vote(seq));
      return this.add(row);
    }

    posting(item) {
      const card = make("article", { class: "posting" }, make("h4", {}, item.title),
        make("div", {}, `${item.employer} · ${item.region}`), make("div", { class: "pay" }, item.salary_text));
      if (item.reasons.length) card.append(make("ul", { "aria-label": "为什么合适" }, ...item.reasons.map((reason) => make("li", {}, reason))));
      for (const warning of item.warnings) card.append(make("p", { class: "warn" }, `注意：${warning}`));
      return card;
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
