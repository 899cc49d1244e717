import { memoryStore } from '../../../../src/sinks/memory/store.js';
import { careConformance } from '../../../conformance/care.js';
import { kept, settings } from '../../../conformance/store-fixtures.js';

careConformance('memory', () => {
  const { store, care } = memoryStore({ ...kept, settings });
  return Promise.resolve({ store, care, other: care, close: () => store.close() });
});
