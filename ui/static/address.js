/**
 * The page's address: the chapter that is open and its settings, as its figures tell them to `labLink`.
 *
 * `settings` are the names of all settings of all chapters. What else stands in the address, and what
 * follows `#`, belongs to others and stays. A change of the chapter is an entry of the browser's history, a change
 * of a setting is not.
 * `renamed` has the present names of settings by those that older links know.
 * @param {string[]} settings
 * @param {Record<string, string>} renamed
 */
(settings, renamed) => {
  const TAB = '[role=tab][data-tab-id]';
  const KEY = 'backprop-lab-chapter';
  const SPACES = 'https://huggingface.co';
  const LOST_MS = 3000; // longer than an answer takes
  const MAX_WAKES = 10; // what is refused is never said by a figure
  const PAUSE_MS = 150; // browsers refuse an address that changes more than about ten times a second
  const OWN = [...settings, ...Object.keys(renamed), 'chapter', 'hide', 'open', 'run', 'fingerprint', 'exercise', 'program'];
  /** @typedef {Record<string, Record<string, Values>>} Said By chapter, then by part of it. */
  /** @type {Said} */
  const told = {};
  /** @type {Said} */
  const drafts = {};
  const tabs = () => [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(TAB))];
  const selected = () => tabs().find((tab) => tab.ariaSelected === 'true')?.dataset.tabId;
  /** On a phone the tabs are a strip that scrolls. */
  const bringIntoSight = () => {
    for (const tab of tabs().filter(({ dataset }) => dataset.tabId === shown)) {
      const strip = tab.parentElement;
      strip?.scrollTo({ left: tab.offsetLeft - strip.offsetLeft - (strip.clientWidth - tab.offsetWidth) / 2 });
    }
  };
  /** @param {string | null} id */
  const select = (id) => tabs().find((tab) => tab.dataset.tabId === id)?.click();

  /**
   * The address that says these [name, value] pairs, and what belongs to others.
   * @param {Iterable<string[]>} pairs
   */
  const address = (pairs) => {
    const url = new URL(location.href);
    const foreign = [...url.searchParams].filter(([name]) => !OWN.includes(name));
    url.search = new URLSearchParams([...pairs, ...foreign]).toString();
    return url;
  };

  /**
   * A frame of a Space is told names by Hugging Face that are for this frame alone, a key among them.
   * @param {URLSearchParams} query
   */
  const forAll = (query) => new URLSearchParams([...query].filter(([name]) => !name.startsWith('__')));

  const framed = window.parent !== window && (location.ancestorOrigins?.[0] ?? SPACES) === SPACES;
  /** @param {URL} url */
  const tellSpace = ({ searchParams, hash }) => {
    if (!framed) return;
    const queryString = forAll(searchParams).toString();
    window.parent.postMessage(hash ? { queryString, hash } : { queryString }, SPACES);
  };

  /** @type {string | undefined} */
  let shown;
  /** @type {string | undefined} */
  let before;
  /** Of these chapters, the one that was open before `id`, or that a link names as `of` with which the page was opened. */
  window.labBench = (id, among) => {
    const last = (shown === id ? before : shown) ?? linked.get('of');
    return among.find((each) => each === last);
  };
  /** @type {number | undefined} */
  let timer;
  let waiting = false;

  const pause = () => { timer ??= setTimeout(() => { timer = undefined; writeNow(); }, PAUSE_MS); };
  /** @param {'replaceState' | 'pushState'} change */
  const write = (change = 'replaceState') => {
    waiting = false;
    if (shown === undefined) return;
    const kept = new URLSearchParams(location.search).getAll('hide').map((names) => ['hide', names]);
    const parts = { ...told[shown], ...drafts[shown] };
    const said = Object.entries(Object.assign({}, ...Object.values(parts)));
    const url = address([['chapter', shown], ...said, ...kept]);
    dispatchEvent(new CustomEvent('labaddress', { detail: url.search })); // the panel for teachers (teachers.js)
    if (url.href === location.href) return;
    pause();
    tellSpace(url);
    try {
      history[change](history.state, '', url);
    } catch {} // a sandboxed frame may not change its address, which nobody sees
  };
  const writeSoon = () => { if (timer) waiting = true; else write(); };
  const writeNow = () => { if (waiting) write(); };

  /** @param {Said} into @param {string} id @param {string} part @param {Values} values */
  const put = (into, id, part, values) => {
    into[id] = { ...into[id], [part]: values };
    if (id === shown) writeSoon();
  };

  /** A part of a chapter says which settings it shows. */
  window.labLink = (id, part, values) => put(told, id, part, values);

  // A reload right after a change must keep it, so what a control says holds until the server has answered.
  // While one change is with the server, only the last of those after it will be sent there.
  /** @type {Record<string, number>} */
  const asked = {};
  /** @type {Record<string, number>} */
  const sent = {};
  /** @type {Record<string, number>} */
  const lost = {};
  /** @param {string} one @param {string} other */
  const same = (one, other) => one === other || (one.trim() !== '' && Number(one) === Number(other));
  /**
   * Whether the figures say what the controls do. Two changes in quick succession may have one answer.
   * @param {string} id @param {string} part
   */
  const settled = (id, part) => {
    const said = told[id]?.[part]; // nothing of an optimizer's settings that is not chosen
    return said && Object.entries(drafts[id]?.[part] ?? {}).every(([name, value]) => !(name in said) || same(value, said[name]));
  };
  /** @param {string} id @param {string} part */
  const finish = (id, part) => {
    const key = `${id}/${part}`;
    clearInterval(lost[key]);
    delete sent[key];
    if (drafts[id]) delete drafts[id][part];
  };
  window.labDraft = (id, part, names, numbers, held) => {
    const valid = names.map((_, index) => !numbers[index] || typeof held[index] === 'number');
    const pairs = names.map((name, index) => [name, String(held[index] ?? '')]);
    const values = Object.fromEntries(pairs.filter((_, index) => valid[index]));
    const key = `${id}/${part}`;
    asked[key] = (asked[key] ?? 0) + 1;
    sent[key] ??= asked[key];
    clearInterval(lost[key]);
    let wakes = MAX_WAKES;
    lost[key] = setInterval(() => {
      if (wakes-- && !settled(id, part)) window.labWake?.(); else finish(id, part);
    }, LOST_MS);
    put(drafts, id, part, { ...told[id]?.[part], ...values });
  };
  window.labAnswered = (id, part) => {
    const key = `${id}/${part}`;
    if (asked[key] > sent[key]) {
      sent[key] = asked[key];
      return;
    }
    finish(id, part);
    if (id !== shown) return;
    waiting = true;
    pause(); // the figure is about to say what it shows
  };
  document.addEventListener('change', writeNow); // a slider has been let go of
  document.addEventListener('visibilitychange', writeNow);
  addEventListener('pagehide', writeNow);

  // Back and Forward.
  addEventListener('popstate', () => {
    const id = new URLSearchParams(location.search).get('chapter') ?? first;
    if (id === shown || !tabs().some((tab) => tab.dataset.tabId === id)) return;
    before = shown;
    shown = id;
    remember();
    select(id);
    write();
  });

  const remember = () => {
    try {
      localStorage.setItem(KEY, shown ?? '');
    } catch {} // no room: the next visit begins with another chapter
  };

  const linked = new URLSearchParams(location.search);
  const last = linked.get('chapter') ?? localStorage.getItem(KEY);
  select(last);
  const first = (tabs().some((tab) => tab.dataset.tabId === last) ? last : selected()) ?? '';
  shown = first;
  bringIntoSight();
  // What the link says stands until the part that it is about shows something else.
  const pairs = [...linked].map(([name, value]) => [renamed[name] ?? name, value]);
  told[first] = { link: Object.fromEntries(pairs.filter(([name]) => settings.includes(name))) };

  new MutationObserver(() => {
    const id = selected();
    if (!id || id === shown) return;
    writeNow();
    before = shown;
    shown = id;
    bringIntoSight();
    remember();
    write('pushState');
  }).observe(tabs()[0]?.parentElement ?? document.body, { subtree: true, attributeFilter: ['aria-selected'] });

  /** Where somebody else can open what the link says: a Space by its page, for its frame may need a key. */
  window.labPublic = (link) => {
    const space = location.hostname.endsWith('.hf.space') && window.gradio_config?.space_id;
    const url = new URL(space ? `${SPACES}/spaces/${space}` : location.origin + location.pathname);
    url.search = new URL(link, location.href).search;
    return url.href;
  };

  // A link within the page keeps what belongs to others.
  document.addEventListener('click', (event) => {
    const anchor = event.target instanceof Element && event.target.closest('a[href^="?"]');
    const link = anchor && anchor.getAttribute('href');
    const elsewhere = event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    if (!link || elsewhere || event.defaultPrevented) return;
    event.preventDefault();
    location.assign(address(new URLSearchParams(link)));
  });
}
