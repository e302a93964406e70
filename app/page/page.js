// What the page does in the browser: views, the reader, and the buttons inside the lists.
// Text from documents, people and models only ever passes through here as text.

const footnote = (() => {
  const narrow = window.matchMedia("(max-width: 52rem)");
  let opener = null;

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

  function openReader(link) {
    const frame = document.querySelector('iframe[name="reader"]');
    frame.hidden = false;
    frame.parentElement.querySelector(".empty").hidden = true;
    opener = link;
    for (const note of document.querySelectorAll(".note.current")) note.classList.remove("current");
    if (link.classList.contains("note")) link.classList.add("current");
    show("reader");
    if (!frame.dataset.ready) {
      frame.dataset.ready = "yes";
      frame.addEventListener("load", () => prepareReader(frame));
    }
  }

  // The reader runs no scripts; what it needs of them is done from here.
  function prepareReader(frame) {
    const inside = frame.contentDocument;
    if (!inside) return;
    frame.title = `Reader: ${inside.title}`;
    inside.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && opener) {
        if (narrow.matches) show("chat");
        opener.focus();
      }
    });
    for (const words of inside.querySelectorAll(".cite")) {
      words.title = "Click to copy";
      const take = () => {
        copy(words.textContent);
        words.dataset.copied = "yes";
      };
      words.addEventListener("click", take);
      words.addEventListener("keydown", (event) => {
        if (event.key === "Enter") take();
      });
      words.addEventListener("blur", () => delete words.dataset.copied);
    }
    if (opener && document.activeElement === opener) frame.focus();
  }

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Without HTTPS, on another machine's address, browsers offer only this.
      const area = Object.assign(document.createElement("textarea"), { value: text });
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
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
      trigger("edit", { turn: Number(button.dataset.turn), question: area.value });
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

  function chat(element, trigger) {
    const scroller = document.getElementById("turns");
    let following = true;
    scroller.addEventListener("scroll", () => {
      const below = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;
      following = below < 80;
    });
    let wasBusy = false;
    let judged = null;
    const judge = (button, opinion) => {
      judged = `[data-act="${button.dataset.act}"][data-turn="${button.dataset.turn}"]`;
      trigger("judge", { turn: Number(button.dataset.turn), ...opinion });
    };
    new MutationObserver(() => {
      if (following) scroller.scrollTop = scroller.scrollHeight;
      const busy = element.querySelector('[aria-busy="true"]') !== null;
      if (busy && !wasBusy && !narrow.matches) show("sources");
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
        copy(text);
        button.textContent = "Copied";
        setTimeout(() => (button.textContent = "Copy"), 1500);
      } else if (act === "edit") {
        startEditing(button, trigger);
      } else if (act === "complain") {
        startComplaining(button, judge);
      } else if (act === "praise") {
        judge(button, { good: true, complaint: "", note: "" });
      } else {
        if (act === "sources") show("sources");
        else following = true;
        trigger(act, act === "ask" ? { question } : { turn: Number(turn) });
      }
    });
    // Clicks before this moment lead nowhere; who drives the page by program can wait for it.
    document.documentElement.dataset.listening = "yes";
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
    async function send(file) {
      if (file.size > Number(zone.dataset.limit)) {
        refuse(`${file.name}: ${zone.dataset.refusal}`);
        return "";
      }
      const address = `/documents?name=${encodeURIComponent(file.name)}`;
      try {
        const answer = await fetch(address, { method: "POST", body: file });
        const words = await answer.text();
        if (answer.ok) return words;
        refuse(words);
      } catch {
        refuse(`${file.name}: it could not be sent. Is it a file, and is Footnote still running?`);
      }
      return "";
    }
    async function give(files) {
      const tokens = [];
      refused.hidden = true;
      refused.replaceChildren();
      sending.hidden = false;
      for (const file of files) {
        sending.textContent = `Sending ${file.name}`;
        tokens.push(await send(file));
      }
      sending.hidden = true;
      const taken = tokens.filter(Boolean);
      if (taken.length) trigger("given", { uploads: taken });
    }
    input.addEventListener("change", () => {
      const files = [...input.files];
      input.value = "";
      if (files.length) give(files);
    });
    // A file that is dropped beside the zone would be opened in the place of the page.
    for (const kind of ["dragover", "drop"]) {
      document.addEventListener(kind, (event) => {
        if (event.dataTransfer.types.includes("Files")) event.preventDefault();
      });
    }
    for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
      zone.addEventListener(kind, (event) => {
        event.preventDefault();
        zone.classList.toggle("over", kind === "dragenter" || kind === "dragover");
        if (kind === "drop") give([...event.dataTransfer.files]);
      });
    }
  }

  function documents(element, trigger, watch) {
    const filter = document.getElementById("filter");
    const apply = () => {
      const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
      let any = false;
      for (const row of element.querySelectorAll(".document")) {
        const text = row.textContent.toLowerCase();
        row.hidden = !words.every((word) => text.includes(word));
        any ||= !row.hidden;
      }
      const none = element.querySelector(".none");
      if (none) none.hidden = any;
    };
    filter.addEventListener("input", apply);
    watch("value", apply);
    element.addEventListener("click", (event) => {
      const button = event.target.closest('[data-act="remove"]');
      if (!button) return;
      const { name } = button.dataset;
      const dialog = document.getElementById("confirm");
      document.getElementById("confirm-words").textContent =
        `Remove “${name}” from the documents? No answer will quote it any more.`;
      dialog.returnValue = "no";
      dialog.onclose = () => {
        if (dialog.returnValue === "yes") trigger("remove", { name });
      };
      dialog.showModal();
    });
  }

  document.addEventListener("click", (event) => {
    const tab = event.target.closest("[data-tab]");
    if (tab) show(tab.dataset.tab);
    const link = event.target.closest('a[target="reader"]');
    const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0;
    if (link && !elsewhere) openReader(link);
  });

  document.addEventListener("keydown", (event) => {
    const tab = event.target.closest?.("[data-tab]");
    if (tab && ["ArrowLeft", "ArrowRight"].includes(event.key)) {
      const tabs = [...document.querySelectorAll("[data-tab]")].filter((each) => each.offsetParent);
      const step = event.key === "ArrowRight" ? 1 : tabs.length - 1;
      const next = tabs[(tabs.indexOf(tab) + step) % tabs.length];
      show(next.dataset.tab);
      next.focus();
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
    narrow.addEventListener("change", () => show(document.documentElement.dataset.view));
  }
  ready.observe(document.documentElement, { childList: true, subtree: true });
  begin();

  return { chat, documents, uploads };
})();
