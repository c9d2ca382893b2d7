// Which images of a folder look like this one?
//
//   node examples/search-folder.js model.onnx folder image.jpg
import { search } from 'imagekin';

const [model, gallery, image] = process.argv.slice(2);
const { results, skipped } = await search({ model, gallery, images: [image], k: 5 });

for (const { rank, score, id } of results[0].hits) console.log(`${rank}. ${score.toFixed(3)} ${id}`);
for (const { path, reason } of skipped) console.error(`left out: ${path} (${reason})`);
