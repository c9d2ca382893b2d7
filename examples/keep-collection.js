// Images kept to be searched: what has changed in a folder is brought in, and the nearest to an image are found at once.
//
//   node examples/keep-collection.js model.onnx photos.kin folder image.jpg
import { openCollection } from 'imagekin';

const [model, directory, folder, image] = process.argv.slice(2);
const photos = await openCollection(directory, { model });

const { added, unchanged, images, skipped } = await photos.add(folder);
console.log(`${added} added, ${unchanged} unchanged: ${images} images`);
for (const { path, reason } of skipped) console.error(`left out: ${path} (${reason})`);

const [nearest] = await photos.search(image, { k: 1 });
console.log(`nearest: ${nearest.name} ${nearest.score.toFixed(3)}`);

// By both of them together, and only of that label.
const alike = await photos.search([image, nearest.id], { k: 3, where: { label: nearest.label } });
for (const { rank, score, name } of alike) console.log(`${rank}. ${score.toFixed(3)} ${name}`);
await photos.close();
