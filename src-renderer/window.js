/** The window until its screens are built: shows the address's part of what there is, as text. */
const { bridge } = globalThis;
const main = document.querySelector('main');
const statusLine = document.querySelector('#status');

/** @type {Record<string, (id: number) => Promise<HTMLElement>>} */
const screens = {
  async alerts(id) {
    if (Number.isInteger(id)) return asText(await ask('alert', id));
    const list = document.createElement('ul');
    for (const { id: alert, sentence, band } of await ask('alerts', { limit: 100 })) {
      const link = document.createElement('a');
      link.href = `#/alerts/${alert}`;
      link.textContent = `${band}: ${sentence}`;
      const row = document.createElement('li');
      row.append(link);
      list.append(row);
    }
    return list;
  },
  settings: async () => asText(await ask('settings')),
  setup: async () => asText(await ask('setup')),
};

async function ask(name, input) {
  const answer = await bridge.ask(name, input);
  if (!answer.ok) throw new Error(answer.message);
  return answer.value;
}

function asText(value) {
  const text = document.createElement('pre');
  text.textContent = JSON.stringify(value, null, 2);
  return text;
}

async function show() {
  const [, name = 'alerts', id = ''] = location.hash.split('/');
  main.dataset.screen = name;
  try {
    const screen = screens[name] ?? screens.alerts;
    main.replaceChildren(await screen(id === '' ? NaN : Number(id)));
  } catch (error) {
    main.replaceChildren(asText(error.message));
  }
}

function tell({ users, openAlerts }) {
  statusLine.textContent = `${users.length} users, ${openAlerts} open alerts`;
}

bridge.on('navigate', (address) => {
  if (location.hash === address) void show();
  else location.hash = address;
});
bridge.on('status', tell);
bridge.on('incident', () => void show());
addEventListener('hashchange', () => void show());
void show();
ask('status').then(tell, (error) => (statusLine.textContent = error.message));
