import { collectionServiceContract } from '../../../test/contracts/collection-service.js';
import { servedPictures } from '../../../test/fixtures/served-pictures.js';
import { openCollectionService } from './open-collection-service.js';

collectionServiceContract('in this thread', () => servedPictures(openCollectionService));
