import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AvpTrees } from './avp-trees.ts';

describe('trees of AVPs', () => {
  test('a root has trees, a tree has names, a name has values: the newest is at 0', () => {
    const trees = new AvpTrees();
    assert.equal(trees.add('r', 0, 'a', 1), false, 'there is no tree yet');
    assert.equal(trees.addTree('r', 'a', 1), true);
    assert.equal(trees.addTree('r', 'a', 2), true);
    assert.equal(trees.add('r', 0, 'a', 3), true);
    assert.deepEqual([trees.count('r'), trees.countOf('r', 0, 'a'), trees.countOf('r', 1, 'a')], [2, 2, 1]);
    assert.deepEqual([trees.get('r', 0, 'a', 0), trees.get('r', 0, 'a', 1), trees.get('r', 1, 'a', 0)], [3, 2, 1]);
    assert.deepEqual([trees.get('r', -1, 'a', 0), trees.get('r', 0, 'a', -1)], [1, 2]);
    assert.deepEqual(
      [trees.get('r', 2, 'a', 0), trees.get('r', 0, 'b', 0), trees.get('s', 0, 'a', 0)],
      [undefined, undefined, undefined],
    );
    assert.equal(trees.replace('r', 0, 'a', 1, 'two'), true);
    assert.equal(trees.replace('r', 0, 'a', 2, 'x'), false);
    assert.equal(trees.get('r', 0, 'a', 1), 'two');
  });

  test('what is removed is gone, and removing what is not there does nothing', () => {
    const trees = new AvpTrees();
    trees.addTree('r', 'a', 1);
    trees.addTree('r', 'a', 2);
    trees.add('r', 0, 'a', 3);
    trees.delete('r', 0, 'a', 5);
    trees.delete('r', 0, 'b', 0);
    trees.delete('x', 0, 'b', 0);
    trees.delete('r', 0, 'a', 0);
    assert.equal(trees.get('r', 0, 'a', 0), 2);
    trees.delete('r', 0, 'a', undefined);
    assert.equal(trees.countOf('r', 0, 'a'), 0);
    trees.deleteTree('r', 0);
    assert.equal(trees.get('r', 0, 'a', 0), 1);
    trees.deleteTree('r', 5);
    trees.deleteTree('x', 0);
    assert.equal(trees.count('r'), 1);
    trees.deleteTree('r', undefined);
    assert.equal(trees.count('r'), 0);
  });

  test('a loop that adds for ever is stopped', () => {
    const trees = new AvpTrees();
    let added = 0;
    while (trees.addTree('r', 'a', added)) added++;
    assert.equal(added, 1000);
    while (trees.add('r', 0, 'a', added)) added++;
    while (trees.add('r', 0, `n${added}`, added)) added++;
    assert.equal(added, 1000 + 999 + 999);
  });
});
