/* What all charts of the app share: the library, the colours of the theme, and numbers for people. */
window.pharmarket = (() => {
  let library = null;
  const maps = {};

  /* ECharts from the files of Solara, and the shapes of a map when one is named. */
  async function echarts(map) {
    const cdn = (window.solara && window.solara.cdn) || '/_solara/cdn';
    library = library || import(window.location.origin + cdn + '/echarts@5.4.0/dist/echarts.esm.min.js');
    const found = await library;
    if (map) {
      const root = (window.solara && window.solara.rootPath) || '';
      maps[map] = maps[map] || fetch(`${window.location.origin}${root}/static/assets/${map}.json`).then((r) => r.json());
      const shapes = await maps[map];
      if (!found.getMap(map)) found.registerMap(map, shapes);
    }
    return found;
  }

  function colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim() || name;
  }

  function short(value) {
    if (value === null || value === undefined || Number.isNaN(value)) return '–';
    const size = Math.abs(value);
    const [factor, unit] = size >= 1e12 ? [1e12, ' tn'] : size >= 1e9 ? [1e9, ' bn'] : size >= 1e6 ? [1e6, ' m']
      : size >= 1e4 ? [1e3, ' k'] : [1, ''];
    const scaled = value / factor;
    const digits = Math.abs(scaled) >= 100 || Number.isInteger(scaled) ? 0 : Math.abs(scaled) >= 1 ? 1 : 2;
    const whole = scaled.toFixed(digits).replace(/\.0+$/, '').replace('-', '−');
    return whole.replace(/(\d)(\d{3})$/, '$1,$2') + unit;
  }

  function month(number) {
    const whole = Math.round(number);
    return `${2000 + Math.floor(whole / 12)}-${String((whole % 12) + 1).padStart(2, '0')}`;
  }

  const formats = {
    short,
    dollars: (value) => ('$' + short(value)).replace('$−', '−$'),
    money: (value) => ('$' + short(value * 1e6)).replace('$−', '−$'),
    percent: (value) => short(value * 100) + ' %',
    month,
    year: (number) => String(2000 + Math.floor(Math.round(number) / 12)),
  };

  /* The option with colours and formats in the place of their names. */
  function resolved(part) {
    if (typeof part === 'string') {
      if (part.startsWith('@')) return colour(part.slice(1));
      return part.startsWith('fn:') ? formats[part.slice(3)] : part;
    }
    if (Array.isArray(part)) return part.map(resolved);
    if (part && typeof part === 'object') {
      return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, resolved(value)]));
    }
    return part;
  }

  const axis = () => ({
    axisLine: { lineStyle: { color: colour('rule') } }, axisLabel: { color: colour('quiet') },
    splitLine: { lineStyle: { color: colour('rule'), width: 0.5 } }, nameTextStyle: { color: colour('quiet') },
  });

  function merged(base, own) {
    const result = { ...base };
    for (const [key, value] of Object.entries(own || {})) {
      const plain = value && typeof value === 'object' && !Array.isArray(value);
      result[key] = plain && result[key] ? merged(result[key], value) : value;
    }
    return result;
  }

  const each = (value, change) => (Array.isArray(value) ? value.map(change) : value ? change(value) : value);

  /* An option in the colours of the page, without transitions unless it asks for them. */
  function dressed(option) {
    const own = resolved(option);
    const base = {
      animation: false, backgroundColor: 'transparent',
      textStyle: { color: colour('ink'), fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif' },
      tooltip: {
        backgroundColor: colour('card'), borderColor: colour('rule'), textStyle: { color: colour('ink') },
        confine: true,
      },
    };
    const result = merged(base, own);
    for (const name of ['xAxis', 'yAxis']) if (own[name]) result[name] = each(own[name], (one) => merged(axis(), one));
    if (own.legend) {
      const pages = { pageTextStyle: { color: colour('quiet') }, pageIconColor: colour('ink'), pageIconInactiveColor: colour('rule') };
      result.legend = each(own.legend, (one) => merged({ textStyle: { color: colour('quiet') }, icon: 'roundRect', ...pages }, one));
    }
    if (own.title) result.title = each(own.title, (one) => merged({ textStyle: { color: colour('ink'), fontSize: 13 } }, one));
    return result;
  }

  function savePng(chart, label) {
    if (!chart) return;
    const link = document.createElement('a');
    link.href = chart.getDataURL({ type: 'png', pixelRatio: 2, backgroundColor: colour('paper') });
    link.download = label.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '') + '.png';
    link.click();
  }

  return { echarts, colour, resolved, dressed, merged, savePng, formats };
})();

// A link within the app: plain clicks go there without loading the page anew, all others are the browser's.
window.pharmarket.follow = (event, go) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  go();
};
