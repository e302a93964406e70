// What the page does in the browser: views, the reader, and the buttons inside the lists.
// Text from documents, people and models only ever passes through here as text.

const footnote = (() => {
  const narrow = window.matchMedia("(max-width: 52rem)");
  let opener = null;
  let enters = false; // the focus is to follow what is opened, also where its link is hidden now
  let step = ""; // the way that was taken from footnote to footnote

  function show(view) {
    document.documentElement.dataset.view = view;
    const shown = !narrow.matches && view === "chat" ? "sources" : view;
    for (const tab of document.querySelectorAll("[data-tab]")) {
      const selected = tab.dataset.tab === shown;
      tab.setAttribute("aria-selected", String(selected));
      tab.tabIndex = selected ? 0 : -1;
      const panel = document.getElementById(tab.dataset.tab);
      if (panel && tab.dataset.tab !== "chat") {
        panel.setAttribute("role", "tabpanel");
        panel.setAttribute("aria-labelledby", tab.id);
      }
    }
  }

  // A footnote that is opened is a step: the address stays, and Back undoes it.
  function openReader(href, step) {
    const frame = document.querySelector('iframe[name="reader"]');
    frame.hidden = false;
    frame.parentElement.querySelector(".empty").hidden = true;
    if (!frame.dataset.ready) {
      frame.dataset.ready = "yes";
      frame.addEventListener("load", () => prepareReader(frame));
    }
    show("reader"); // first: what is not laid out cannot be gone to
    const quote = () => frame.contentDocument.getElementById("quote");
    if (frame.contentWindow.location.href === new URL(href, location.href).href) {
      requestAnimationFrame(() => quote()?.scrollIntoView({ block: "center" }));
    } else {
      frame.contentWindow.location.replace(href);
    }
    if (step === "push") history.pushState({ reader: href }, "");
    if (step === "replace") history.replaceState({ reader: href }, "");
    markNote(href);
  }

  // The chat says which of its footnotes is read.
  function markNote(href) {
    const place = (address) => {
      const fields = new URL(address, location.href).searchParams;
      return `${fields.get("answer")} ${fields.get("note")}`;
    };
    for (const note of document.querySelectorAll("#turns .note")) {
      const isRead = Boolean(href) && place(note.href) === place(href);
      note.classList.toggle("current", isRead);
      if (isRead) note.setAttribute("aria-current", "true");
      else note.removeAttribute("aria-current");
    }
  }

  // The reader runs no scripts; what it needs of them is done from here.
  function prepareReader(frame) {
    const inside = frame.contentDocument;
    if (!inside) return;
    frame.title = `Reader: ${inside.title}`;
    inside.documentElement.style.colorScheme = document.documentElement.style.colorScheme;
    checkReader();
    inside.addEventListener("click", (event) => {
      const link = event.target.closest('a[href^="/source"]');
      if (!link || link.target === "_blank") return;
      event.preventDefault();
      step = link.matches(".step") ? link.ariaLabel : "";
      openReader(link.getAttribute("href"), "replace");
    });
    inside.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !opener) return;
      const isOfList = opener.closest("#documents");
      const back = (!isOfList && document.querySelector("#turns .note.current")) || opener;
      show(back.closest("#documents, #sources")?.id ?? "chat");
      back.focus();
    });
    addTools(inside);
    // Who walks by key goes on from where they are; else the quote would be where they begin.
    const walked = step && inside.querySelector(`.step[aria-label="${step}"]`);
    if (!step && !enters) return;
    [step, enters] = ["", false];
    const place = walked || inside.querySelector("nav [aria-current]");
    // After the browser has gone to the quote, which takes the focus away.
    requestAnimationFrame(() =>
      setTimeout(() => {
        frame.focus();
        place?.focus({ preventScroll: true });
      }),
    );
  }

  // What is read may be changed or removed meanwhile: the reader stays as it is, and says so.
  async function checkReader() {
    const inside = document.querySelector('iframe[name="reader"]')?.contentDocument;
    const shown = inside?.querySelector("main[data-document]");
    if (!shown) return;
    const { document: name, sha256 } = shown.dataset;
    const answer = await fetch(`/source/now?${new URLSearchParams({ document: name, sha: sha256 })}`);
    if (!answer.ok || !shown.isConnected) return;
    const words = await answer.text();
    let banner = inside.querySelector(".banner.now");
    if (!words) return banner?.remove();
    if (!banner) {
      banner = Object.assign(inside.createElement("div"), { className: "banner now" });
      banner.setAttribute("role", "status");
      shown.before(banner);
    }
    if (banner.innerHTML !== words) banner.innerHTML = words; // safe: escaped by the server
  }

  // Copies, and says so on the button for a moment.
  async function copyFrom(button, text, rich) {
    await copy(text, rich);
    const { textContent } = button;
    if (textContent === "Copied") return;
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = textContent), 1500);
  }

  // What is taken away at a click, and finding words in the document.
  function addTools(inside) {
    const tools = inside.querySelector(".take");
    if (!tools) return;
    const more = inside.querySelector(".more");
    const open = (is) => {
      tools.hidden = !is;
      more.setAttribute("aria-expanded", String(is));
    };
    more.hidden = false;
    more.addEventListener("click", () => open(tools.hidden));
    open(!narrow.matches);
    inside.getElementById("quote")?.scrollIntoView(); // the bar has become another
    inside.addEventListener("click", (event) => {
      const button = event.target.closest("[data-copy]");
      if (!button) return;
      copyFrom(button, button.dataset.copy);
    });
    const find = tools.querySelector("input");
    const main = inside.querySelector("main");
    const selection = inside.getSelection();
    const look = (backwards) => {
      const found = inside.defaultView.find(find.value, false, backwards, true);
      // A browser finds the words in the box, too.
      find.setAttribute("aria-invalid", String(!(found && main.contains(selection.anchorNode))));
    };
    find.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !find.value) return;
      event.preventDefault();
      look(event.shiftKey);
    });
    find.addEventListener("input", () => {
      selection.removeAllRanges();
      if (!find.value) return;
      const range = inside.createRange();
      range.selectNodeContents(main);
      range.collapse(true);
      selection.addRange(range);
      look(false);
      find.focus();
    });
  }

  // A card with the quote in its surroundings, for who points at a number or goes to it by key.
  function cards() {
    const card = document.createElement("div");
    card.id = "card";
    card.setAttribute("role", "tooltip");
    card.hidden = true;
    document.body.append(card);
    let shown = null;
    let waiting = 0;
    const close = () => {
      clearTimeout(waiting);
      shown?.removeAttribute("aria-describedby");
      shown = null;
      card.hidden = true;
    };
    const open = async (note) => {
      const href = note.getAttribute("href").split("#")[0];
      const answer = await fetch(href.replace("/source?", "/source/card?"));
      if (!answer.ok || shown !== note) return;
      card.innerHTML = await answer.text(); // safe: the server has escaped what documents say
      card.hidden = false;
      note.setAttribute("aria-describedby", "card");
      const place = note.getBoundingClientRect();
      const below = place.bottom + card.offsetHeight + 12 < innerHeight;
      card.style.top = `${below ? place.bottom + 6 : Math.max(6, place.top - card.offsetHeight - 6)}px`;
      card.style.left = `${Math.min(Math.max(6, place.left - 40), innerWidth - card.offsetWidth - 6)}px`;
    };
    const point = (event) => {
      const note = event.target.closest?.("#turns a.note");
      if (note === shown && note) return clearTimeout(waiting);
      if (!note && card.contains(event.target)) return clearTimeout(waiting);
      clearTimeout(waiting);
      if (!note) {
        if (shown) waiting = setTimeout(close, 250);
        return;
      }
      close();
      shown = note;
      waiting = setTimeout(() => open(note), event.type === "focusin" ? 0 : 200);
    };
    document.addEventListener("mouseover", point);
    document.addEventListener("focusin", point);
    document.addEventListener("click", close);
    document.addEventListener("scroll", close, true);
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") close();
    });
  }

  // What stands at the address `rich` goes along, for who pastes into a document or a mail.
  async function copy(text, rich) {
    const as = (type, words) => new Blob([words], { type });
    const fetched = async () => (rich ? (await fetch(rich)).text() : "");
    try {
      const both = { "text/plain": as("text/plain", text) };
      if (rich) both["text/html"] = fetched().then((markup) => as("text/html", markup));
      await navigator.clipboard.write([new ClipboardItem(both)]);
    } catch {
      // Without HTTPS, on another machine's address, browsers offer only this.
      const markup = await fetched().catch(() => "");
      const give = (event) => {
        event.preventDefault();
        event.clipboardData.setData("text/plain", text);
        if (markup) event.clipboardData.setData("text/html", markup);
      };
      document.addEventListener("copy", give, { once: true });
      document.execCommand("copy");
    }
  }

  function startEditing(button, trigger) {
    const question = button.closest(".question");
    if (question.querySelector("form")) return;
    const words = question.querySelector(".asked");
    const form = document.createElement("form");
    form.className = "editing";
    form.innerHTML =
      '<textarea rows="2" aria-label="The question"></textarea><div class="tools">' +
      '<button type="submit">Ask again</button><button type="button">Cancel</button></div>';
    const area = form.querySelector("textarea");
    const close = () => {
      form.remove();
      words.hidden = button.hidden = false;
      button.focus();
    };
    area.value = words.textContent;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      close();
      trigger("edit", { at: here(), turn: button.dataset.turn, question: area.value });
    });
    form.querySelector('[type="button"]').addEventListener("click", close);
    form.addEventListener("keydown", (event) => {
      if (event.key === "Escape") close();
      if (event.key === "Enter" && !event.shiftKey && event.target === area) {
        event.preventDefault();
        form.requestSubmit();
      }
    });
    words.hidden = button.hidden = true;
    question.append(form);
    area.focus();
    area.select();
  }

  function startComplaining(button, judge) {
    const form = button.closest(".answer").querySelector("form.complaint");
    form.hidden = false;
    form.querySelector("input").focus();
    form.scrollIntoView({ block: "nearest" });
    if (form.dataset.ready) return;
    form.dataset.ready = "yes";
    const close = () => {
      form.hidden = true;
      button.focus();
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const complaint = form.querySelector("input:checked").value;
      judge(button, { good: false, complaint, note: form.querySelector("textarea").value });
    });
    form.querySelector('[type="button"]').addEventListener("click", close);
    form.addEventListener("keydown", (event) => {
      if (event.key === "Escape") close();
    });
  }

  // Where this tab is. A conversation gets its address with its first question.
  const here = () => location.pathname + location.search;
  let [visit, ask] = [() => {}, () => {}];
  let isAwaited = false; // a question was asked whose turn is not shown yet
  let isNew = false; // a question was asked where no conversation has begun
  const others = new BroadcastChannel("footnote");

  function asked(question) {
    isNew = location.pathname === "/";
    isAwaited = true;
    sessionStorage.removeItem("draft");
    setTimeout(() => others.postMessage("asked"), 300);
    return [question, here()];
  }

  function go(href) {
    isNew = false;
    history.pushState(null, "", href);
    arrive();
    document.querySelector("#question textarea")?.focus();
  }

  function arrive() {
    drawer(false);
    visit();
    if (history.state?.reader) {
      openReader(history.state.reader);
    } else {
      // Before the first question there are no sources to show.
      const begins = location.pathname === "/" || document.documentElement.dataset.view === "documents";
      show(begins && !narrow.matches ? "documents" : "chat");
      markNote("");
    }
  }

  // What is shown belongs to the address, and has its name.
  function settle(element) {
    const { conversation, title } = element.querySelector(".turns")?.dataset ?? {};
    if (conversation && isNew && location.pathname === "/") {
      isNew = false;
      history.pushState(null, "", `/c/${conversation}${location.search}`);
    }
    document.title = title ? `${title} – Footnote` : "Footnote";
    for (const item of document.querySelectorAll("#listed [data-conversation]")) {
      const isCurrent = location.pathname === `/c/${item.dataset.conversation}`;
      item.classList.toggle("current", isCurrent);
      const link = item.querySelector("a");
      if (isCurrent) link?.setAttribute("aria-current", "page");
      else link?.removeAttribute("aria-current");
    }
  }

  // What is being chosen to be asked is not written over: the visit waits until that closes.
  let isBehind = false;
  function revisit() {
    isBehind = document.querySelector("#asking details[open]") !== null;
    if (!isBehind) visit();
  }

  // What is asked stands in the address, and the server keeps it with the conversation.
  function asking(element, trigger) {
    const narrow = (query) => {
      const address = location.pathname + (query ? `?${query}` : "");
      history.replaceState(history.state, "", address);
      element.querySelector("details").open = false;
      trigger("narrow", { at: address });
    };
    element.addEventListener("submit", (event) => {
      event.preventDefault();
      const fields = [...new FormData(event.target)].filter(([, value]) => value);
      narrow(new URLSearchParams(fields).toString());
    });
    element.addEventListener("click", (event) => {
      if (event.target.closest('[data-act="all"]')) narrow("");
    });
    element.addEventListener("input", (event) => {
      if (event.target.type !== "search") return;
      const words = event.target.value.toLowerCase();
      for (const item of event.target.closest("fieldset").querySelectorAll("li")) {
        item.hidden = !item.textContent.toLowerCase().includes(words);
      }
    });
    element.addEventListener("keydown", (event) => {
      const open = element.querySelector("details[open]");
      if (event.key !== "Escape" || !open) return;
      open.open = false;
      open.querySelector("summary").focus();
    });
    element.addEventListener("toggle", () => isBehind && revisit(), true);
    new MutationObserver(() => {
      // What was written over in place keeps what was ticked and typed there before.
      for (const input of element.querySelectorAll(".choices input")) {
        if (input.type === "checkbox") input.checked = input.hasAttribute("checked");
        else input.value = input.getAttribute("value") ?? "";
      }
      const query = element.querySelector("details")?.dataset.query;
      if (!query || location.search === `?${query}`) return;
      history.replaceState(history.state, "", `${location.pathname}?${query}`);
    }).observe(element, { attributeFilter: ["checked", "value"], childList: true, subtree: true });
  }

  // What is typed outlasts a reload, and a server that is away for a while. Gradio may make the box
  // anew, and empty, until the page has arrived, which takes a busy machine seconds.
  function keepDraft() {
    const draft = sessionStorage.getItem("draft");
    let times = draft ? 100 : 0;
    const restore = () => {
      if (times-- <= 0 || sessionStorage.getItem("draft") !== draft) return;
      const box = document.querySelector("#question textarea");
      if (box && !box.value) {
        box.value = draft;
        box.dispatchEvent(new Event("input", { bubbles: true }));
      }
      setTimeout(restore, 150);
    };
    restore();
    document.addEventListener("input", (event) => {
      const typed = event.isTrusted && event.target.closest("#question");
      if (typed) sessionStorage.setItem("draft", event.target.value);
    });
  }

  // The documents have changed, by whoever: what is shown of them follows.
  let relist = () => {};
  function followDocuments(stamp) {
    if (document.querySelector("[data-stamp]")?.dataset.stamp !== stamp) relist();
    checkReader();
    // A visit would take the place of what is being asked.
    if (!isAwaited && !document.querySelector('#turns [aria-busy="true"]')) revisit();
  }

  // A server that is away is told of, and looked for until it is back; then the page is as it was,
  // with what was typed. One that was ended and begun anew knows nothing of what was under way.
  function lookAfterServer() {
    let known = "";
    let state = ""; // of the documents
    const look = async () => {
      let [run, stamp] = ["", ""];
      try {
        const answer = await fetch("/alive", { signal: AbortSignal.timeout(10_000) });
        if (answer.ok) [run, stamp] = await answer.json();
      } catch {
        run = "";
      }
      if (known && run && run !== known) location.reload();
      if (state && stamp && stamp !== state) followDocuments(stamp);
      state = stamp || state;
      const away = document.getElementById("away");
      if (away) away.hidden = Boolean(run);
      known ||= run;
      const many = document.querySelectorAll(".document").length; // of so many the list is long
      setTimeout(look, run ? Math.min(3000 + 10 * many, 15_000) : 2000);
    };
    look();
  }

  // Asks before what cannot be undone.
  function confirm(words, yes, act) {
    const dialog = document.getElementById("confirm");
    document.getElementById("confirm-words").textContent = words;
    dialog.querySelector(".danger").textContent = yes;
    dialog.returnValue = "no";
    dialog.onclose = () => {
      if (dialog.returnValue === "yes") act();
    };
    dialog.showModal();
  }

  function conversations(element, trigger) {
    const find = document.getElementById("find");
    let waiting = 0;
    find.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => trigger("find", { words: find.value }), 200);
    });
    const changed = () => setTimeout(() => others.postMessage("changed"), 300);
    const forget = (conversation) => {
      trigger("forget", { conversation });
      changed();
      if (!conversation || location.pathname === `/c/${conversation}`) go("/");
    };
    const rename = (item) => {
      const link = item.querySelector("a");
      const form = document.createElement("form");
      const input = Object.assign(document.createElement("input"), {
        value: link.querySelector(".title").textContent,
        ariaLabel: "Title",
        maxLength: 200,
      });
      form.append(input);
      const close = () => {
        link.hidden = false;
        input.removeEventListener("blur", close);
        form.remove();
      };
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        trigger("rename", { conversation: item.dataset.conversation, title: input.value });
        close();
        changed();
      });
      input.addEventListener("keydown", (event) => {
        if (event.key === "Escape") close();
      });
      input.addEventListener("blur", close);
      item.querySelector("details").open = false;
      link.hidden = true;
      item.prepend(form);
      input.focus();
      input.select();
    };
    element.addEventListener("click", (event) => {
      const button = event.target.closest("[data-act]");
      if (!button) return;
      const item = button.closest("[data-conversation]");
      const { conversation } = item.dataset;
      if (button.dataset.act === "rename") rename(item);
      if (button.dataset.act === "pin") {
        trigger("pin", { conversation, pinned: item.dataset.pinned !== "true" });
        changed();
      }
      if (button.dataset.act === "forget") {
        const title = item.querySelector(".title").textContent;
        confirm(`Delete “${title}”? It cannot be brought back.`, "Delete it", () => {
          forget(conversation);
        });
      }
    });
    document.querySelector('[data-act="forget-all"]').addEventListener("click", () => {
      confirm("Delete all your conversations? They cannot be brought back.", "Delete all", () => {
        forget("");
      });
    });
    new MutationObserver(() => settle(document.getElementById("turns"))).observe(element, {
      childList: true,
      subtree: true,
    });
  }

  // What was folded or unfolded in a part of the page stays so when Gradio writes the part anew,
  // over the old one, and every fold is as the server has it. `ownerOf` names what a fold is of.
  function keepFolds(element, watch, ownerOf) {
    const folds = new Map(); // whether each was left open
    const foldOf = (details) => `${ownerOf(details)} ${details.className}`;
    // What opens says so to itself alone: it is heard on the way down.
    element.addEventListener("toggle", ({ target }) => folds.set(foldOf(target), target.open), true);
    watch("value", () => {
      for (const details of element.querySelectorAll("details")) {
        details.open = folds.get(foldOf(details)) ?? details.open;
      }
    });
  }

  function chat(element, trigger, watch) {
    const scroller = document.getElementById("turns");
    keepFolds(element, watch, (details) => details.closest(".turn").dataset.turn);
    visit = () => trigger("visit", { at: here() });
    ask = (question) => {
      if (narrow.matches) show("chat");
      following = true;
      asked(question);
      trigger("ask", { at: here(), question });
    };
    others.addEventListener("message", revisit);
    window.addEventListener("popstate", arrive);
    let following = true;
    const gutter = () => {
      const wide = scroller.offsetWidth - scroller.clientWidth;
      document.documentElement.style.setProperty("--gutter", `${wide}px`);
    };
    window.addEventListener("resize", gutter);
    // To the end of what is said, but not past the question: an answer is read from its beginning.
    const follow = (latest) => {
      const above = latest ? latest.getBoundingClientRect().top - 16 : 0;
      const head = scroller.scrollTop + above - scroller.getBoundingClientRect().top;
      scroller.scrollTop = Math.min(scroller.scrollHeight, head);
    };
    scroller.addEventListener("scroll", () => {
      const below = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;
      following = below < 80;
    });
    let wasBusy = false;
    let shown;
    let judged = null;
    const judge = (button, opinion) => {
      judged = `[data-act="${button.dataset.act}"][data-turn="${button.dataset.turn}"]`;
      trigger("judge", { at: here(), turn: button.dataset.turn, ...opinion });
    };
    new MutationObserver(() => {
      settle(element);
      gutter();
      const busy = element.querySelector('[aria-busy="true"]') !== null;
      const latest = [...element.querySelectorAll(".turn")].at(-1);
      const begins = (busy && !wasBusy) || (isAwaited && latest?.dataset.turn !== shown);
      shown = latest?.dataset.turn;
      isAwaited &&= !begins;
      following ||= begins;
      if (following) follow(latest);
      if (begins && !narrow.matches) show("sources");
      wasBusy = busy;
      const thumb = judged && element.querySelector(`${judged}[aria-pressed="true"]`);
      if (thumb) {
        judged = null;
        thumb.focus();
      }
    }).observe(element, { attributes: true, childList: true, subtree: true, characterData: true });
    element.addEventListener("click", (event) => {
      const button = event.target.closest("[data-act]");
      if (!button) return;
      const { act, turn, question, text } = button.dataset;
      if (act === "copy") {
        copyFrom(button, text, button.dataset.rich);
      } else if (act === "edit") {
        startEditing(button, trigger);
      } else if (act === "complain") {
        startComplaining(button, judge);
      } else if (act === "praise") {
        judge(button, { good: true, complaint: "", note: "" });
      } else {
        if (act === "ask") return ask(question);
        if (act === "sources") show("sources");
        else following = true;
        trigger(act, { at: here(), turn });
      }
    });
    keepDraft();
    if (matchMedia("(hover: hover)").matches) cards();
    arrive();
    lookAfterServer();
  }

  // The panel of models is looked around for when it is opened, and not before.
  function models(element, trigger) {
    const root = document.documentElement;
    const line = () => document.querySelector("[data-models]");
    const open = (is) => {
      if (is) root.dataset.models = "open";
      else delete root.dataset.models;
      line()?.setAttribute("aria-expanded", String(is));
    };
    document.addEventListener("click", (event) => {
      const isLine = event.target.closest("[data-models]:not(html)");
      if (!isLine && !element.contains(event.target)) open(false);
      if (!isLine) return;
      open(!root.dataset.models);
      if (root.dataset.models) trigger("look");
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !root.dataset.models) return;
      open(false);
      line()?.focus();
    });
    element.addEventListener("click", (event) => {
      const button = event.target.closest("button[data-act]");
      if (!button) return;
      const { act, wish, profile } = button.dataset;
      button.setAttribute("aria-busy", "true");
      if (act === "speak") trigger("speak", { wish });
      if (act === "set_profile") trigger("set_profile", { profile });
      if (act === "stop_pull") trigger("stop_pull");
    });
    element.addEventListener("submit", (event) => {
      event.preventDefault();
      const form = event.target;
      const fields = Object.fromEntries(new FormData(form));
      form.querySelector("button").setAttribute("aria-busy", "true");
      trigger(form.dataset.act, fields);
    });
    // Gradio writes the new panel over the old one, in place.
    new MutationObserver(() => {
      for (const button of element.querySelectorAll('[aria-busy="true"]')) {
        button.removeAttribute("aria-busy");
      }
      line()?.setAttribute("aria-expanded", String(Boolean(root.dataset.models)));
    }).observe(element, { childList: true, subtree: true, characterData: true });
  }

  // Files go to the server one by one, as they are; it answers with a token for each that it took.
  function uploads(element, trigger) {
    const [zone, input] = [element.querySelector("label"), element.querySelector("input")];
    const sending = element.querySelector(".sending");
    const refused = element.querySelector(".refused");
    const refuse = (words) => {
      refused.hidden = false;
      refused.append(Object.assign(document.createElement("li"), { textContent: words }));
    };
    const suffixes = input.accept.split(",");
    const isRead = ({ name, size }) =>
      size <= Number(zone.dataset.limit) && suffixes.some((each) => name.toLowerCase().endsWith(each));
    // Of what is not read only the name and the size go, so that the server can say why.
    async function send(file, signal) {
      const named = new URLSearchParams({ name: file.name, size: file.size });
      const body = isRead(file) ? file : "";
      try {
        const answer = await fetch(`/documents?${named}`, { method: "POST", body, signal });
        const words = await answer.text();
        if (answer.ok) return words;
        if ([413, 415].includes(answer.status)) listed.push(words);
        else refuse(words);
      } catch {
        if (signal.aborted) return "";
        refuse(`${file.name}: it could not be sent. Is it a file, and is Footnote still running?`);
      }
      return "";
    }
    let stop = new AbortController();
    let listed = []; // why files are not read, each of which stands in the list, too
    sending.querySelector("button").addEventListener("click", () => stop.abort());
    async function give(files) {
      const tokens = [];
      listed = [];
      stop = new AbortController();
      const { signal } = stop;
      refused.hidden = true;
      refused.replaceChildren();
      sending.hidden = false;
      for (const [number, file] of files.entries()) {
        const far = files.length > 1 ? ` (${number + 1} of ${files.length})` : "";
        sending.querySelector("span").textContent = `Sending ${file.name}${far}`;
        if (!signal.aborted) tokens.push(await send(file, signal));
      }
      sending.hidden = true;
      const taken = tokens.filter(Boolean);
      if (taken.length && !signal.aborted) trigger("given", { uploads: taken });
      if (!listed.length) return;
      const several = `${listed.length} files are not read: the list below says why.`;
      refuse(listed.length > 1 ? several : listed[0]);
      relist();
    }
    document.addEventListener("click", (event) => {
      const button = event.target.closest('[data-act="cancel"]');
      if (button) trigger("cancel", { run: button.dataset.run });
    });
    // What is pasted is an address, or a text that is called by how it begins.
    const pasted = element.querySelector(".pasted");
    pasted.addEventListener("submit", (event) => {
      event.preventDefault();
      const box = pasted.querySelector("textarea");
      const words = box.value.trim();
      box.value = "";
      if (/^https?:\/\/\S+$/i.test(words)) trigger("fetch", { address: words });
      else if (words) {
        const begins = words.slice(0, 60).split("\n")[0].replace(/[^\p{L}\p{N} ]+/gu, " ").trim();
        give([new File([words], `${begins || "Pasted"}.txt`)]);
      }
    });
    input.addEventListener("change", () => {
      const files = [...input.files];
      input.value = "";
      if (files.length) give(files);
    });
    // Anywhere on the page; a browser would open the file in the page's place.
    for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
      document.addEventListener(kind, (event) => {
        if (!event.dataTransfer?.types.includes("Files")) return;
        event.preventDefault();
        zone.classList.toggle("over", kind === "dragenter" || kind === "dragover");
        if (kind !== "drop") return;
        show("documents");
        give([...event.dataTransfer.files]);
      });
    }
  }

  function documents(element, trigger, watch) {
    const filter = document.getElementById("filter");
    const sort = document.getElementById("sort");
    const form = document.getElementById("chosen");
    let holding = new Set(); // names of documents that hold the words of the filter
    let waiting = 0;
    let ticked = new Set(); // names, for a new list has other rows
    const typed = new Map(); // of collections: the line about each that is not saved yet
    let focused = null; // the row or collection that has the focus, and which of its controls
    const owners = (kind) => [...element.querySelectorAll(kind)];
    const nameOf = (owner) => owner?.dataset.name ?? owner?.dataset.collection;
    const controls = (owner) => [...owner.querySelectorAll("a, button, input, summary")];
    const rows = () => [...element.querySelectorAll(".document")];
    const tick = (row) => row.querySelector(".choose input");
    const names = () => rows().filter((row) => tick(row).checked).map((row) => row.dataset.name);
    relist = () => trigger("look");
    keepFolds(element, watch, (details) => details.closest(".document")?.dataset.name ?? "");
    const apply = () => {
      const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
      for (const row of rows()) {
        const text = row.textContent.toLowerCase();
        row.hidden = !(words.every((word) => text.includes(word)) || holding.has(row.dataset.name));
      }
      const none = element.querySelector(".none");
      if (none) none.hidden = rows().some((row) => !row.hidden);
    };
    const order = () => {
      const by = sort.value;
      const newestFirst = by === "date" || by === "read";
      const sorted = rows().sort((one, other) => {
        const [a, b] = newestFirst ? [other, one] : [one, other];
        const failed = (row) => Number(Boolean(row.querySelector(".unread")));
        return (
          failed(other) - failed(one) ||
          a.dataset[by].localeCompare(b.dataset[by], undefined, { numeric: true })
        );
      });
      const shown = rows();
      if (sorted.every((row, at) => row === shown[at])) return; // a row that moves loses the focus
      element.querySelector(".documents").append(...sorted);
    };
    const count = () => {
      ticked = new Set(names());
      const many = ticked.size;
      form.hidden = !many;
      form.querySelector("span").textContent = many ? `${many} chosen` : "";
      const all = element.querySelector("#all");
      if (all) all.checked = many > 0 && rows().every((row) => row.hidden || tick(row).checked);
    };
    filter.addEventListener("input", () => {
      clearTimeout(waiting);
      holding = new Set();
      apply();
      const words = filter.value.trim();
      if (!words) return;
      waiting = setTimeout(async () => {
        const answer = await fetch(`/documents/holding?words=${encodeURIComponent(words)}`);
        if (!answer.ok || filter.value.trim() !== words) return;
        holding = new Set(await answer.json());
        apply();
      }, 250);
    });
    sort.addEventListener("change", order);
    watch("value", () => {
      // Gradio writes the new list over the old one, row by row: a tick would be another's now.
      for (const row of rows()) {
        tick(row).checked = ticked.has(row.dataset.name);
      }
      for (const form of element.querySelectorAll("[data-collection]")) {
        const input = form.querySelector("input");
        input.value = typed.get(form.dataset.collection) ?? input.getAttribute("value");
      }
      order();
      apply();
      count();
      const active = document.activeElement;
      if (!focused || (active !== document.body && !element.contains(active))) return;
      const owner = owners(focused.kind).find((each) => nameOf(each) === focused.name);
      if (owner) controls(owner)[focused.at]?.focus({ preventScroll: true });
    });
    const follow = ({ target }) => {
      const owner = element.contains(target) && target.closest(".document, [data-collection]");
      const kind = owner?.matches?.(".document") ? ".document" : "[data-collection]";
      focused = owner ? { kind, name: nameOf(owner), at: controls(owner).indexOf(target) } : null;
    };
    document.addEventListener("focusin", follow);
    document.addEventListener("pointerdown", follow);
    element.addEventListener("input", ({ target }) => {
      const form = target.closest("[data-collection]");
      if (form) typed.set(form.dataset.collection, target.value);
    });
    const tell = async (details) => {
      const { name } = details.closest(".document").dataset;
      const answer = await fetch(`/documents/about?document=${encodeURIComponent(name)}`);
      if (details.closest(".document")?.dataset.name !== name) return;
      details.querySelector("div").innerHTML = await answer.text(); // safe: escaped by the server
    };
    element.addEventListener("toggle", ({ target }) => {
      if (target.open && target.matches(".about")) tell(target);
    }, true);
    element.addEventListener("change", ({ target }) => {
      if (target.id === "all") {
        for (const row of rows()) tick(row).checked = target.checked && !row.hidden;
      }
      count();
    });
    // What was done with the chosen ones is done.
    const act = (name, data) => {
      ticked.clear();
      trigger(name, data);
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const collection = form.querySelector("input").value.trim();
      const out = event.submitter?.value === "out";
      if (collection) act("gather", { collection, names: names(), out });
    });
    element.addEventListener("submit", (event) => {
      event.preventDefault();
      const { collection } = event.target.dataset;
      typed.delete(collection);
      trigger("describe", { collection, context: event.target.elements.context.value });
    });
    const remove = (removed) => {
      const what = removed.length === 1 ? `“${removed[0]}”` : `${removed.length} documents`;
      const them = removed.length === 1 ? "it" : "them";
      const words = `Remove ${what} from the documents? Kept answers that hold words of ${them} are forgotten too.`;
      confirm(words, `Remove ${them}`, () => act("remove", { names: removed }));
    };
    form.querySelector('[data-act="remove-chosen"]').addEventListener("click", () => {
      remove(names());
    });
    form.querySelector('[data-act="ask-chosen"]').addEventListener("click", () => {
      const read = rows().filter((row) => tick(row).checked && !row.querySelector(".unread"));
      const query = String(new URLSearchParams(read.map((row) => ["document", row.dataset.name])));
      if (!query) form.querySelector("span").textContent = "What could not be read cannot be asked.";
      else if (query.length < 3900) go(`/?${query}`);
      else form.querySelector("span").textContent = "Too many for one address: put them into a collection.";
    });
    form.querySelector('[data-act="read-again"]').addEventListener("click", () => {
      act("read_again", { names: names() });
    });
    element.addEventListener("click", (event) => {
      const button = event.target.closest("[data-act]");
      if (!button) return;
      if (button.dataset.act === "bring-back") trigger("bring_back", { removed: button.dataset.path });
      const { name } = button.closest(".document")?.dataset ?? {};
      if (button.dataset.act === "remove") remove([name]);
      if (button.dataset.act === "dismiss") trigger("remove", { names: [name] });
      if (button.dataset.act === "read-again") trigger("read_again", { names: [name] });
    });
    document.getElementById("receipt").addEventListener("click", (event) => {
      const button = event.target.closest("[data-act]");
      if (button?.dataset.act === "close") trigger("close");
      if (button?.dataset.act === "ask") ask(button.dataset.question);
    });
  }

  document.addEventListener("click", (event) => {
    const tab = event.target.closest("[data-tab]");
    if (tab) show(tab.dataset.tab);
    if (event.target.closest("[data-drawer]:not(html)")) drawer(true);
    else if (!event.target.closest("#aside, dialog")) drawer(false);
    for (const open of document.querySelectorAll(":is(#listed, #asking) details[open]")) {
      if (!open.contains(event.target)) open.open = false;
    }
    const link = event.target.closest('a[target="reader"], a[data-go]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    if ("go" in link.dataset) {
      go(link.getAttribute("href"));
    } else {
      opener = link;
      enters = document.activeElement === link;
      openReader(link.getAttribute("href"), "push");
    }
  });

  function drawer(open) {
    if (open) document.documentElement.dataset.drawer = "open";
    else delete document.documentElement.dataset.drawer;
    document.querySelector("#menu [data-drawer]")?.setAttribute("aria-expanded", String(open));
    if (open) document.getElementById("find").focus();
  }

  // System, light or dark: the colours follow the scheme, and the browser remembers which.
  function theme(chosen) {
    document.documentElement.style.colorScheme = chosen;
    const inside = document.querySelector('iframe[name="reader"]')?.contentDocument;
    if (inside?.documentElement) inside.documentElement.style.colorScheme = chosen;
  }
  theme(localStorage.getItem("theme") ?? "");

  document.addEventListener("keydown", (event) => {
    const tab = event.target.closest?.("[data-tab]");
    if (tab && ["ArrowLeft", "ArrowRight"].includes(event.key)) {
      const tabs = [...document.querySelectorAll("[data-tab]")].filter((each) => each.offsetParent);
      const step = event.key === "ArrowRight" ? 1 : tabs.length - 1;
      const next = tabs[(tabs.indexOf(tab) + step) % tabs.length];
      show(next.dataset.tab);
      next.focus();
    }
    if (event.key === "Escape" && document.documentElement.dataset.drawer) {
      drawer(false);
      document.querySelector("#menu [data-drawer]").focus();
    }
    if (event.key === "/" && !event.target.closest?.("input, textarea, [contenteditable]")) {
      event.preventDefault();
      if (narrow.matches) show("chat");
      document.querySelector("#question textarea")?.focus();
    }
  });

  const ready = new MutationObserver(begin);
  function begin() {
    if (!document.getElementById("tab-sources")) return;
    ready.disconnect();
    show("chat");
    const choice = document.getElementById("theme");
    choice.value = localStorage.getItem("theme") ?? "";
    choice.addEventListener("change", () => {
      localStorage.setItem("theme", choice.value);
      theme(choice.value);
    });
    narrow.addEventListener("change", () => show(document.documentElement.dataset.view));
  }
  ready.observe(document.documentElement, { childList: true, subtree: true });
  begin();

  // Clicks before all parts listen lead nowhere; who drives the page by program can wait for it.
  const parts = { asking, chat, conversations, documents, models, uploads };
  const deaf = new Set(Object.keys(parts));
  const listening = (name) => (...given) => {
    parts[name](...given);
    deaf.delete(name);
    if (!deaf.size) document.documentElement.dataset.listening = "yes";
  };
  const begun = Object.fromEntries([...deaf].map((name) => [name, listening(name)]));
  return { asked, here, ...begun };
})();
