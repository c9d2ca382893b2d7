import { describe, expect, it } from 'vitest';
import { placePicture } from './placement.js';

const place = (
  from: readonly [number, number],
  to: readonly [number, number],
  rule: { fit: 'cover' | 'contain' | 'stretch'; shorterSide?: number },
) => {
  const [size, target] = [from, to].map(([width, height]) => ({ width, height })) as [never, never];
  const { scaled, crop, left, top } = placePicture(size, target, { filter: 'bicubic', ...rule });
  return {
    scaled: [scaled.width, scaled.height],
    crop: [crop.left, crop.top, crop.width, crop.height],
    at: [left, top],
  };
};

describe('placing a picture', () => {
  it('stretches both sides', () => {
    expect(place([10, 7], [4, 9], { fit: 'stretch' })).toEqual({
      scaled: [4, 9],
      crop: [0, 0, 4, 9],
      at: [0, 0],
    });
  });

  it('covers with what sticks out cropped on both sides', () => {
    expect(place([500, 375], [224, 224], { fit: 'cover' })).toEqual({
      scaled: [299, 224],
      crop: [38, 0, 224, 224],
      at: [0, 0],
    });
  });

  it('contains in the middle of what stays white, and never loses a side', () => {
    expect(place([500, 375], [224, 224], { fit: 'contain' })).toEqual({
      scaled: [224, 168],
      crop: [0, 0, 224, 168],
      at: [0, 28],
    });
    expect(place([5000, 2], [100, 100], { fit: 'contain' }).scaled).toEqual([100, 1]);
  });

  // What torchvision 0.14 gives: Resize(n), then CenterCrop. int(256 · 500 / 375) = 341, round(117 / 2) = 58, as Python
  // rounds 58.5 to the even neighbour.
  it.each([
    [[500, 375], 256, 224, [341, 256], [58, 16]],
    [[375, 500], 256, 224, [256, 341], [16, 58]],
    [[334, 500], 256, 224, [256, 383], [16, 80]],
    [[100, 100], 256, 224, [256, 256], [16, 16]],
    [[333, 500], 224, 224, [224, 336], [0, 56]],
    [[500, 333], 232, 225, [348, 232], [62, 4]],
  ] as const)(
    'scales %j by its shorter side to %i and crops %i',
    (from, shorterSide, side, scaled, [x, y]) => {
      expect(place(from, [side, side], { fit: 'cover', shorterSide })).toEqual({
        scaled,
        crop: [x, y, side, side],
        at: [0, 0],
      });
    },
  );

  it('covers the target where the shorter side would not', () => {
    expect(place([500, 375], [300, 200], { fit: 'cover', shorterSide: 100 })).toEqual(
      place([500, 375], [300, 200], { fit: 'cover' }),
    );
  });
});
