const width = 160;
const height = 36;
const most = 150;
/** A line that has only begun takes as much room as one of so many values. */
const least = 30;
const space = 'http://www.w3.org/2000/svg';

/** A small line of the last values; `add` shifts the oldest out. Decoration: the number beside it says the same. */
export const createSparkline = () => {
  const values = [];
  const svg = document.createElementNS(space, 'svg');
  svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
  svg.setAttribute('preserveAspectRatio', 'none');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('class', 'spark');
  const area = document.createElementNS(space, 'polygon');
  const line = document.createElementNS(space, 'polyline');
  svg.append(area, line);

  const add = (value) => {
    values.push(value);
    if (values.length > most) values.shift();
    const top = Math.max(1, ...values);
    const step = width / (Math.max(least, values.length) - 1);
    const points = values.map((v, i) => {
      const x = width - (values.length - 1 - i) * step;
      return `${x.toFixed(1)},${(height - 2 - (v / top) * (height - 4)).toFixed(1)}`;
    });
    line.setAttribute('points', points.join(' '));
    const left = width - (values.length - 1) * step;
    area.setAttribute('points', `${left.toFixed(1)},${height} ${points.join(' ')} ${width},${height}`);
  };
  return { svg, add };
};
