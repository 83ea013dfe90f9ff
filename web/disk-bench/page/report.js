// The figures as a text.

function quantile(sorted, share) {
    const at = (sorted.length - 1) * share;
    const low = Math.floor(at);
    const high = Math.ceil(at);
    return sorted[low] + (sorted[high] - sorted[low]) * (at - low);
}

const sorted = (figures) => [...figures].sort((a, b) => a - b);
const median = (figures) => quantile(sorted(figures), 0.5);

/** Whose median has to be how many times ours; raw apart. */
const GOALS = [
    ['keyval', 2],
    ['dexie', 2],
    ['sqlite', 4],
];
const LIMIT = 1.15;
const FRAME = 20;

function table(rows) {
    const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
    return rows
        .map((row) => row.map((cell, i) => (i ? cell.padStart(widths[i]) : cell.padEnd(widths[i]))).join('  ').trimEnd())
        .join('\n');
}

export function report({ options, titles, samples, turns, frames, seconds }) {
    const { rounds, mebibytes, pages, seed } = options;
    const keys = Object.keys(titles);
    for (const all of Object.values(samples)) {
        const rows = Object.values(all);
        all['all of it'] = rows[0].map((_, round) => rows.reduce((sum, row) => sum + row[round], 0));
    }
    const phases = Object.keys(samples[keys[0]]);
    const parts = [
        `${mebibytes} MiB in clusters of 16 pages on four disks, ${pages} single pages; rounds: ${rounds}, seed: ${seed}, ` +
            `${seconds.toFixed(0)} s`,
        `${navigator.userAgent.match(/(Chrome|Firefox|Version)\/[\d.]+/)?.[0] ?? 'browser'}, ` +
            `${navigator.hardwareConcurrency} processors`,
    ];
    const cell = (key, phase) => {
        const all = sorted(samples[key][phase]);
        return `${quantile(all, 0.5).toFixed(0)} (${quantile(all, 0.25).toFixed(0)}–${quantile(all, 0.75).toFixed(0)})`;
    };
    parts.push('Milliseconds: median (quartiles)\n' + table([
        ['', ...phases],
        ...keys.map((key) => [titles[key], ...phases.map((phase) => cell(key, phase))]),
    ]));
    const middle = (key, phase) => median(samples[key][phase]);
    if (samples.raw) {
        // Neighbours in time share the weather of the machine: the ratio of each round, then the median.
        const ratio = (key, phase) => median(samples[key][phase].map((ms, i) => ms / samples.raw[phase][i]));
        parts.push('Times the raw loop: of the medians [median of the ratios of each round]\n' + table([
            ['', ...phases],
            ...keys.filter((key) => key !== 'raw').map((key) => [
                titles[key],
                ...phases.map((phase) => {
                    const medians = middle(key, phase) / middle('raw', phase);
                    return `${medians.toFixed(2)} [${ratio(key, phase).toFixed(2)}]`;
                }),
            ]),
        ]));
    }
    const inTurn = (phase) => median(turns[phase].ours) / median(turns[phase].raw);
    if (turns) {
        const row = (key, title) => {
            const cells = Object.values(turns).map((phase) => {
                const all = sorted(phase[key]);
                return [0.5, 0.25, 0.75].map((share) => quantile(all, share).toFixed(2));
            });
            return [title, ...cells.map(([middle, low, high]) => `${middle} (${low}–${high})`)];
        };
        parts.push('Ours and the raw loop in turn, batch by batch: milliseconds a batch, median (quartiles)\n' + table([
            ['', ...Object.keys(turns)],
            row('ours', titles.ours),
            row('raw', titles.raw),
            ['ours against raw', ...Object.keys(turns).map((phase) => inTurn(phase).toFixed(2))],
        ]));
    }
    const lines = [];
    const goal = (text, phase, found, met) => lines.push([met ? 'met' : 'NOT MET', text, phase, found]);
    if (samples.ours) {
        for (const phase of Object.keys(turns ?? {})) {
            const times = inTurn(phase);
            goal(`at most ${LIMIT} times the raw loop, in turn`, phase, times.toFixed(2), times <= LIMIT);
        }
        for (const [key, wanted] of GOALS.filter(([key]) => samples[key])) {
            for (const phase of phases) {
                const times = middle(key, phase) / middle('ours', phase);
                goal(`${wanted} times as fast as ${titles[key]}`, phase, times.toFixed(2), times >= wanted);
            }
        }
        const late = quantile(sorted(frames.ours), 0.95);
        goal(`95 % of frames within ${FRAME} ms`, 'all', `${late.toFixed(1)} ms`, late < FRAME);
    }
    const frameRow = (key) => {
        const all = sorted(frames[key]);
        return [titles[key], ...[0.5, 0.95, 0.99, 1].map((share) => quantile(all, share).toFixed(1)), `${all.length}`];
    };
    parts.push('Milliseconds between frames meanwhile\n' + table([
        ['', 'median', '95 %', '99 %', 'most', 'frames'],
        ...keys.filter((key) => frames[key].length).map(frameRow),
    ]));
    if (lines.length) parts.push('Goals\n' + table(lines));
    return parts.join('\n\n');
}
