// Made of schema/openapi.json by npm run schema. Not to be changed by hand.

export interface paths {
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the server allows, and whether it knows who asks */
        get: operations["getSession"];
        put?: never;
        /** Has a browser keep a session as a cookie */
        post: operations["openSession"];
        /** Ends a session */
        delete: operations["closeSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/collections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The collections that are served */
        get: operations["listCollections"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/collections/{collection}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What there is to say of a collection */
        get: operations["getCollection"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/collections/{collection}/images": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A page of the images that meet a filter */
        get: operations["listImages"];
        put?: never;
        /**
         * Adds image files
         * @description The files are kept in the folder of the collection. The answer comes when all of them are there; the job then takes them in.
         */
        post: operations["addImages"];
        delete?: never;
        options?: never;
        head?: never;
        /** Sets label, split or metadata of some images */
        patch: operations["editImages"];
        trace?: never;
    };
    "/api/v1/collections/{collection}/images/remove": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Removes some images
         * @description Their files stay, but for those that were sent to this collection.
         */
        post: operations["removeImages"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/collections/{collection}/images/details": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** All that is known of some images */
        post: operations["readImages"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/collections/{collection}/images/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All that is known of an image */
        get: operations["getImage"];
        put?: never;
        post?: never;
        /**
         * Removes an image
         * @description Its file stays, unless it was sent to this collection.
         */
        delete: operations["removeImage"];
        options?: never;
        head?: never;
        /** Sets label, split or metadata of an image */
        patch: operations["editImage"];
        trace?: never;
    };
    "/api/v1/collections/{collection}/images/{id}/thumbnail": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Its small picture */
        get: operations["getThumbnail"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/collections/{collection}/images/{id}/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Its picture, for a screen */
        get: operations["getPreview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/collections/{collection}/images/{id}/original": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The bytes of its file
         * @description Of files that lie in a source of the collection, whatever links lead to them, and no others. `Range` asks for a part.
         */
        get: operations["getOriginal"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/collections/{collection}/facets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many images have which values */
        get: operations["getFacets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/collections/{collection}/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The images most like some, and least like others */
        post: operations["search"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/collections/{collection}/map": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Clusters and outliers */
        get: operations["getMap"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/collections/{collection}/map/points": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Where images are on the map
         * @description An Arrow IPC stream with the columns `id` uint32, `x` and `y` float32, `cluster` uint16, `outlierScore` float32 and `label`, a dictionary of utf8 that may be null.
         */
        get: operations["getMapPoints"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/collections/{collection}/evaluation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How well near images have the same label */
        get: operations["getEvaluation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/collections/{collection}/evaluation/confusion": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The images behind a cell of the confusion matrix */
        get: operations["getConfusion"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/collections/{collection}/model": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The model of a collection, and what made it */
        get: operations["getModel"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/collections/{collection}/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Starts long work on a collection */
        post: operations["startJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The last jobs, the newest first */
        get: operations["listJobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How a job is */
        get: operations["getJob"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/failures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Files that a job could not use */
        get: operations["listJobFailures"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Asks a job to stop; what it has done stays */
        post: operations["cancelJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Does a job again that has ended
         * @description Of `add` and `upload`, the files that could not be used are tried again.
         */
        post: operations["retryJob"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Changes of all jobs, as they happen */
        get: operations["watchJobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Changes of a job, until it has ended */
        get: operations["watchJob"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/collections/{collection}/duplicates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Images that are copies of one another, and what was decided of them */
        get: operations["listDuplicates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/collections/{collection}/duplicates/decisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Decides which images are to be trash; the job `trash` moves them */
        put: operations["decideDuplicates"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/collections/{collection}/trash": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was moved to the trash; the job `restore` puts it back */
        get: operations["listTrash"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description The collections that are served. */
        CollectionList: {
            collections: components["schemas"]["CollectionSummary"][];
        };
        /** @description Clusters and outliers, as the last job `map` found them. Where images are on it, `…/map/points` says. */
        CollectionMap: {
            /**
             * @description `missing`: start the job that makes it. `stale`: the collection has changed since.
             * @enum {string}
             */
            state: "missing" | "ready" | "stale";
            computedAt: string | null;
            /** @description On the map. */
            images: number;
            /** @description Of these, so many were laid out; the others placed among them. */
            laidOut: number;
            /** @description How far neighbours on the map are neighbours indeed, 0 to 1. */
            trustworthiness: number | null;
            clusters: {
                cluster: number;
                images: number;
                /** @description Id of an image. Never given to another one. */
                medoid: number;
                /** @description The commonest of its images. */
                label: string | null;
                labelShare: number | null;
            }[];
            /** @description The farthest 500 at most, farthest first. */
            outliers: {
                /** @description Id of an image. Never given to another one. */
                id: number;
                /** @description Path relative to its source, or what a manifest gave as id. */
                name: string;
                label: string | null;
                width: number | null;
                height: number | null;
                /** @description Changes with its pixels; pictures asked for with it may be kept for good. */
                version: string;
                cluster: number;
                /** @description Mean cosine distance to its nearest images. */
                distance: number;
                /** @description How far above the median, in robust standard deviations. */
                outlierScore: number;
            }[];
        };
        /** @description What there is to say of a collection. */
        CollectionStatus: {
            /** @description As it stands in addresses. */
            name: string;
            /** @description Without the missing ones. */
            images: number;
            /** @description Images whose files are gone. */
            missing: number;
            /** @description Files that could not be used. */
            failures: number;
            /** @description How many labels there are. */
            labels: number;
            unlabelled: number;
            /**
             * @description ISO 8601, in UTC.
             * @example 2026-11-27T08:00:00.000Z
             */
            createdAt: string;
            model: components["schemas"]["ModelSummary"];
            /** @description Images that no search finds. */
            withoutVector: number;
            sources: {
                /** @description As it was given to `imagekin add`. */
                source: string;
                images: number;
                /**
                 * @description ISO 8601, in UTC.
                 * @example 2026-11-27T08:00:00.000Z
                 */
                addedAt: string;
                walkedAt: string | null;
            }[];
            /** @description The model that is being changed to, and how far. */
            reindex: {
                model: string;
                done: number;
                total: number;
            } | null;
            index: {
                /** @description `auto`, `exact` or `hnsw`, as it was asked for. */
                kind: string;
                quantization: string;
                /** @description Of a graph, measured on vectors of this collection. */
                recall: number | null;
            };
            bytes: {
                catalog: number;
                thumbnails: number;
                vectors: number;
                models: number;
                index: number;
                /** @description Files that were sent to it. */
                uploads: number;
                total: number;
            };
        };
        /** @description A collection, as a list shows it. */
        CollectionSummary: {
            /** @description As it stands in addresses. */
            name: string;
            /** @description Without the missing ones. */
            images: number;
            /** @description Images whose files are gone. */
            missing: number;
            /** @description Files that could not be used. */
            failures: number;
            /** @description How many labels there are. */
            labels: number;
            unlabelled: number;
            /**
             * @description ISO 8601, in UTC.
             * @example 2026-11-27T08:00:00.000Z
             */
            createdAt: string;
            model: components["schemas"]["ModelSummary"];
        };
        /** @description The images behind a cell of the confusion matrix, those with the highest score first. */
        ConfusionPairs: {
            total: number;
            offset: number;
            pairs: {
                image: components["schemas"]["ImageSummary"];
                nearest: components["schemas"]["ImageSummary"];
                score: number;
            }[];
        };
        /** @description A part of an image, seen upright, as shares of its width and height. */
        Crop: {
            /** @description Left edge. */
            x: number;
            /** @description Upper edge. */
            y: number;
            /** @description Of the whole width. */
            width: number;
            /** @description Of the whole height. */
            height: number;
        };
        /** @description What is decided of some images. */
        Decisions: {
            decisions: {
                /** @description Id of an image. Never given to another one. */
                id: number;
                /** @description `null` takes it back. */
                decision: ("keep" | "trash") | null;
            }[];
        };
        /** @description Images of which one is enough, the best first. */
        DuplicateGroup: {
            /** @description Stays the same as long as its images do. */
            key: string;
            /** @enum {string} */
            kind: "exact" | "near";
            /** @description Bits of 64 by which pictures differ from the best one, at most. */
            distance: number;
            images: {
                /** @description Id of an image. Never given to another one. */
                id: number;
                /** @description Path relative to its source, or what a manifest gave as id. */
                name: string;
                label: string | null;
                width: number | null;
                height: number | null;
                /** @description Changes with its pixels; pictures asked for with it may be kept for good. */
                version: string;
                path: string;
                /**
                 * @description The best one, a copy of its bytes, or another that shows the same.
                 * @enum {string}
                 */
                role: "keep" | "exact" | "near";
                bytes: number | null;
                modifiedAt: string | null;
                decision: ("keep" | "trash") | null;
            }[];
        };
        /** @description Groups of copies, as the last job `duplicates` found them. Images that are gone since are left out. */
        DuplicatesPage: {
            /**
             * @description `missing`: start the job that makes it. `stale`: the collection has changed since.
             * @enum {string}
             */
            state: "missing" | "ready" | "stale";
            computedAt: string | null;
            /** @description Groups that were asked for. */
            total: number;
            offset: number;
            groups: components["schemas"]["DuplicateGroup"][];
            /** @description Images of all groups that are more than needed. */
            copies: number;
            copyBytes: number;
            /** @description Images that were decided to be trash and have not been moved. */
            toTrash: number;
            toTrashBytes: number;
        };
        /** @description How well near images have the same label, each looked for among all others; as the last job `evaluate` found it. */
        EvaluationSummary: {
            /**
             * @description `missing`: start the job that makes it. `stale`: the collection has changed since.
             * @enum {string}
             */
            state: "missing" | "ready" | "stale";
            computedAt: string | null;
            /** @description With a label and a vector. */
            images: number;
            /** @description Those whose label another image has. */
            queries: number;
            figures: {
                precisionAt1: number;
                precisionAt10: number;
                rPrecision: number;
                mapAtR: number;
            } | null;
            /** @description Bootstrap intervals of 95 %. */
            intervals: {
                precisionAt1: number[];
            } | null;
            perLabel: {
                label: string;
                images: number;
                precisionAt1: number | null;
                mapAtR: number | null;
            }[];
            confusion: {
                labels: string[];
                /** @description By label of the image, then by label of the one nearest to it. */
                counts: number[][];
                /** @description Labels that are not shown, the smallest; 60 are at most. */
                leftOut: number;
            };
            /** @description Images whose neighbours have another label, the surest 500 first. */
            suspects: {
                /** @description Id of an image. Never given to another one. */
                id: number;
                /** @description Path relative to its source, or what a manifest gave as id. */
                name: string;
                label: string | null;
                width: number | null;
                height: number | null;
                /** @description Changes with its pixels; pictures asked for with it may be kept for good. */
                version: string;
                /** @description The label of most of its nearest images. */
                suggested: string;
                /** @description Of the vote of its nearest images, that is for the suggested label. */
                share: number;
                /** @description That is for its own. */
                ownShare: number;
            }[];
        };
        /** @description How many images have which values, of those that meet a filter. */
        Facets: {
            total: number;
            facets: {
                /** @description As it is written in a filter. */
                field: string;
                /** @description Those of the most images first. */
                values: {
                    /** @description `null` of those without one. */
                    value: string | null;
                    images: number;
                    /**
                     * @description The filter that means this value.
                     * @example label = cat
                     */
                    filter: string;
                }[];
                /** @description Whether there are more values. */
                more: boolean;
            }[];
        };
        /** @description All that is known of an image. */
        ImageDetails: {
            /** @description Id of an image. Never given to another one. */
            id: number;
            /** @description Path relative to its source, or what a manifest gave as id. */
            name: string;
            label: string | null;
            width: number | null;
            height: number | null;
            /** @description Changes with its pixels; pictures asked for with it may be kept for good. */
            version: string;
            /** @description Of the file; of an image in an archive, the archive and its own name. */
            path: string;
            /** @description What it was added by. */
            source: string;
            split: string | null;
            bytes: number | null;
            format: string | null;
            sha256: string | null;
            /**
             * @description ISO 8601, in UTC.
             * @example 2026-11-27T08:00:00.000Z
             */
            addedAt: string;
            /** @description When its file was last changed. */
            modifiedAt: string | null;
            /** @description Since when its file is gone. */
            missingSince: string | null;
            metadata: {
                [key: string]: unknown;
            };
            /** @description Whether label, split or metadata were set here and not by its source. */
            edited: boolean;
            /** @description Whether `…/original` can be had. */
            hasOriginal: boolean;
            hasVector: boolean;
        };
        /** @description All that is known of some images, in the order that was asked for; those that are gone are left out. */
        ImageDetailsList: {
            images: components["schemas"]["ImageDetails"][];
        };
        /** @description What is to be set of an image. What is left out stays. */
        ImageEdit: {
            label?: string | null;
            split?: string | null;
            /** @description Laid over what there is; `null` takes a key away. */
            metadata?: {
                [key: string]: unknown;
            };
        };
        /** @description Some images. */
        ImageIds: {
            ids: number[];
        };
        /** @description Images of which all is to be told. */
        ImageIdsToRead: {
            ids: number[];
        };
        /** @description An image, as a grid shows it. */
        ImageSummary: {
            /** @description Id of an image. Never given to another one. */
            id: number;
            /** @description Path relative to its source, or what a manifest gave as id. */
            name: string;
            label: string | null;
            width: number | null;
            height: number | null;
            /** @description Changes with its pixels; pictures asked for with it may be kept for good. */
            version: string;
        };
        /** @description How many images that was. */
        ImagesChanged: {
            images: number;
        };
        /** @description What is to be set of some images. */
        ImagesEdit: {
            ids: number[];
            label?: string | null;
            split?: string | null;
            /** @description Laid over what there is; `null` takes a key away. */
            metadata?: {
                [key: string]: unknown;
            };
        };
        /** @description Some of the images that meet a filter. */
        ImagesPage: {
            /** @description That meet the filter. */
            total: number;
            offset: number;
            images: components["schemas"]["ImageSummary"][];
            /** @description What is odd about the filter. */
            hints: string[];
        };
        /** @description Long work on a collection. */
        Job: {
            id: string;
            collection: string;
            /**
             * @description `upload`: takes in what was sent. `add`: looks through the sources again. `trash`: moves what was decided to be trash away. `restore`: puts it back.
             * @enum {string}
             */
            kind: "upload" | "add" | "reindex" | "evaluate" | "map" | "duplicates" | "trash" | "restore";
            /**
             * @description `interrupted`: the server ended before it.
             * @enum {string}
             */
            state: "queued" | "running" | "done" | "failed" | "cancelled" | "interrupted";
            /**
             * @description ISO 8601, in UTC.
             * @example 2026-11-27T08:00:00.000Z
             */
            createdAt: string;
            startedAt: string | null;
            endedAt: string | null;
            progress: {
                task: string;
                done: number;
                total: number | null;
                unit: string;
                /** @description Units a second, lately. */
                rate: number | null;
                secondsLeft: number | null;
            } | null;
            /** @description Files that could not be used; see `…/failures`. */
            failures: number;
            /** @description Figures of what was done. */
            result: {
                [key: string]: unknown;
            } | null;
            /** @description Why it failed. */
            problem: components["schemas"]["Problem"] | null;
            /** @description The job that it was made of again. */
            retryOf: string | null;
        };
        /** @description Files that a job could not use. */
        JobFailures: {
            total: number;
            failures: {
                path: string;
                reason: string;
            }[];
        };
        /** @description Jobs, the newest first. */
        JobList: {
            jobs: components["schemas"]["Job"][];
        };
        /** @description What is to be done. */
        JobRequest: {
            /** @enum {string} */
            kind: "add";
            retryFailed?: boolean;
            prune?: boolean;
        } | {
            /** @enum {string} */
            kind: "reindex";
            /** @enum {string} */
            index?: "auto" | "exact" | "hnsw";
            quantization?: string;
        } | {
            /** @enum {string} */
            kind: "evaluate";
        } | {
            /** @enum {string} */
            kind: "map";
            clusters?: number;
        } | {
            /** @enum {string} */
            kind: "duplicates";
            nearDistance?: number;
        } | {
            /** @enum {string} */
            kind: "trash";
        } | {
            /** @enum {string} */
            kind: "restore";
            /** @description As `…/trash` lists it. */
            batch: string;
        };
        /** @description The model of a collection, and what made it. */
        ModelDetails: {
            name: string;
            /** @description SHA-256 of its file, hex. */
            id: string;
            dimension: number;
            /** @description `false` of imported vectors alone: nothing new can be embedded. */
            hasFile: boolean;
            /** @description Whether scores mean probabilities. */
            calibrated: boolean;
            inputSize: {
                width: number;
                height: number;
            } | null;
            resize: string | null;
            bytes: number | null;
            /** @description Recipe, or where it came from. */
            madeBy: string | null;
            trainedOn: string | null;
            classes: string[];
            /** @description What else its file says. */
            metadata: {
                [key: string]: unknown;
            };
            /** @description Of its training; empty where the file does not say. */
            curve: {
                epoch: number;
                loss: number;
                validation: number | null;
            }[];
            validationMetric: string | null;
        };
        /** @description The model whose vectors are searched. */
        ModelSummary: {
            name: string;
            /** @description SHA-256 of its file, hex. */
            id: string;
            dimension: number;
            /** @description `false` of imported vectors alone: nothing new can be embedded. */
            hasFile: boolean;
            /** @description Whether scores mean probabilities. */
            calibrated: boolean;
        };
        /** @description What went wrong, as RFC 9457 has it. */
        Problem: {
            /**
             * @description Names the kind of problem.
             * @example urn:imagekin:image-not-found
             */
            type: string;
            /** @description The kind of problem in words; the same each time. */
            title: string;
            status: number;
            /** @description What was expected, what came, what to do. */
            detail: string;
            /**
             * @description The kind of problem, for programs.
             * @example filter-invalid
             */
            code: string;
            /** @description Id of the request, as it stands in the log. */
            instance?: string;
            /** @description Lines that point at the place in what was sent. */
            shown?: string;
        };
        /** @description An image to search for: exactly one of `id`, `file` and `url`. */
        QueryImage: {
            /** @description Id of an image. Never given to another one. */
            id?: number;
            /** @description Name of the part of the upload that has its bytes. */
            file?: string;
            /** @description Only where the server was told to allow it. */
            url?: string;
            /** @description Default 1; of those to be unlike 0.5. */
            weight?: number;
            crop?: components["schemas"]["Crop"];
        };
        /** @description How the scores of the nearest images are spread. */
        ScoreHistogram: {
            /** @description Lower edge of the first bin. */
            from: number;
            /** @description Upper edge of the last. */
            to: number;
            /** @description Of bins of one width. */
            counts: number[];
            /** @description That were counted: the nearest 10,000 at most. */
            images: number;
        };
        /** @description An image that was found. */
        SearchHit: {
            /** @description Id of an image. Never given to another one. */
            id: number;
            /** @description Path relative to its source, or what a manifest gave as id. */
            name: string;
            label: string | null;
            width: number | null;
            height: number | null;
            /** @description Changes with its pixels; pictures asked for with it may be kept for good. */
            version: string;
            /** @description Over all pages. */
            rank: number;
            /** @description Cosine with the query, in [-1, 1]. */
            score: number;
            /** @description That it is of the class of the query; of calibrated models. */
            probability: number | null;
            /** @description The probability in words: at least 0.8, at least 0.5, less. */
            likeness: ("same" | "similar" | "weak") | null;
            /** @description What was folded into it. */
            alike: {
                /** @description Id of an image. Never given to another one. */
                id: number;
                /** @description Path relative to its source, or what a manifest gave as id. */
                name: string;
                label: string | null;
                width: number | null;
                height: number | null;
                /** @description Changes with its pixels; pictures asked for with it may be kept for good. */
                version: string;
                score: number;
            }[];
        };
        /** @description What to search for. As JSON; with files, as the part `query` of multipart/form-data beside the parts that it names. */
        SearchRequest: {
            like: components["schemas"]["QueryImage"][];
            unlike?: components["schemas"]["QueryImage"][];
            /**
             * @description A filter: as text, or as an object.
             * @example label = cat and width >= 640
             */
            where?: string | {
                [key: string]: unknown;
            };
            /** @default 24 */
            k?: number;
            /** @default 0 */
            offset?: number;
            minScore?: number;
            /** @description Of calibrated models, and for one image. */
            minProbability?: number;
            /**
             * @description What is shown as one: copies of a file, nothing, or what is at least so near as a cosine.
             * @default copies
             */
            fold?: ("copies" | "nothing") | number;
            /** @description How much results shall differ among each other. */
            diversity?: number;
            /** @description Whether to say how the scores are spread. */
            histogram?: boolean;
        };
        /** @description What was found, the most like first. */
        SearchResponse: {
            hits: components["schemas"]["SearchHit"][];
            /** @description Whether another page follows. */
            more: boolean;
            /** @description Images that were searched. */
            searched: number;
            milliseconds: number;
            histogram: components["schemas"]["ScoreHistogram"] | null;
            /** @description What is odd about the filter. */
            hints: string[];
        };
        /** @description What a page needs to know before anything else. */
        Session: {
            version: string;
            tokenRequired: boolean;
            authenticated: boolean;
            searchByUrl: boolean;
            /** @description Whether nothing can be added, changed or removed. */
            readOnly: boolean;
            limits: {
                /** @description Of one file that is sent. */
                fileBytes: number;
                /** @description Sent at once. */
                files: number;
                pixels: number;
            };
        };
        /** @description Makes a session that a browser keeps as a cookie. */
        SessionRequest: {
            token: string;
        };
        /** @description What was moved to the trash, the newest first. */
        TrashList: {
            /** @description Where the files are. */
            folder: string;
            batches: {
                /** @description What `restore` is told. */
                batch: string;
                /**
                 * @description ISO 8601, in UTC.
                 * @example 2026-11-27T08:00:00.000Z
                 */
                movedAt: string;
                /** @description That are in the trash still. */
                files: number;
                bytes: number;
            }[];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What a page needs to know before anything else. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description It cannot be answered now; ask again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What was asked cannot be answered so. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    openSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Makes a session that a browser keeps as a cookie. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["SessionRequest"];
            };
        };
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It cannot be answered now; ask again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What was asked cannot be answered so. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    closeSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It cannot be answered now; ask again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What was asked cannot be answered so. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listCollections: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The collections that are served. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CollectionList"];
                };
            };
            /** @description It cannot be answered now; ask again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What was asked cannot be answered so. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getCollection: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of a collection, as `/collections` lists it. */
                collection: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What there is to say of a collection. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CollectionStatus"];
                };
            };
            /** @description It cannot be answered now; ask again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What was asked cannot be answered so. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listImages: {
        parameters: {
            query?: {
                /**
                 * @description As of `imagekin search --filter`.
                 * @example label = cat
                 */
                filter?: string;
                /** @description Only images whose files are gone. Default: only those that are there. */
                missing?: boolean;
                order?: "id" | "-id" | "name" | "-name" | "label" | "-label" | "addedAt" | "-addedAt";
                offset?: number;
                limit?: number;
            };
            header?: never;
            path: {
                /** @description Name of a collection, as `/collections` lists it. */
                collection: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Some of the images that meet a filter. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImagesPage"];
                };
            };
            /** @description It cannot be answered now; ask again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What was asked cannot be answered so. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    addImages: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of a collection, as `/collections` lists it. */
                collection: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /** @description Image files, in parts of any name. Others are listed among the failures of the job. */
                    files: string[];
                    /** @description The label of all of them. */
                    label?: string;
                };
            };
        };
        responses: {
            /** @description Long work on a collection. */
            202: {
                headers: {
                    /** @description Address of the job. */
                    location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description It cannot be answered now; ask again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What was asked cannot be answered so. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    editImages: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of a collection, as `/collections` lists it. */
                collection: string;
            };
            cookie?: never;
        };
        /** @description What is to be set of some images. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["ImagesEdit"];
            };
        };
        responses: {
            /** @description How many images that was. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImagesChanged"];
                };
            };
            /** @description It cannot be answered now; ask again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What was asked cannot be answered so. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removeImages: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of a collection, as `/collections` lists it. */
                collection: string;
            };
            cookie?: never;
        };
        /** @description Some images. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["ImageIds"];
            };
        };
        responses: {
            /** @description How many images that was. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImagesChanged"];
                };
            };
            /** @description It cannot be answered now; ask again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What was asked cannot be answered so. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readImages: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of a collection, as `/collections` lists it. */
                collection: string;
            };
            cookie?: never;
        };
        /** @description Images of which all is to be told. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["ImageIdsToRead"];
            };
        };
        responses: {
            /** @description All that is known of some images, in the order that was asked for; those that are gone are left out. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImageDetailsList"];
                };
            };
            /** @description It cannot be answered now; ask again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What was asked cannot be answered so. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getImage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of a collection, as `/collections` lists it. */
                collection: string;
                /** @description Id of an image. Never given to another one. */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All that is known of an image. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImageDetails"];
                };
            };
            /** @description It cannot be answered now; ask again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What was asked cannot be answered so. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removeImage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of a collection, as `/collections` lists it. */
                collection: string;
                /** @description Id of an image. Never given to another one. */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It cannot be answered now; ask again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What was asked cannot be answered so. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    editImage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of a collection, as `/collections` lists it. */
                collection: string;
                /** @description Id of an image. Never given to another one. */
                id: number;
            };
            cookie?: never;
        };
        /** @description What is to be set of an image. What is left out stays. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["ImageEdit"];
            };
        };
        responses: {
            /** @description All that is known of an image. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImageDetails"];
                };
            };
            /** @description It cannot be answered now; ask again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What was asked cannot be answered so. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getThumbnail: {
        parameters: {
            query?: {
                /** @description Its `version`; then it may be kept for good. */
                v?: string;
            };
            header?: never;
            path: {
                /** @description Name of a collection, as `/collections` lists it. */
                collection: string;
                /** @description Id of an image. Never given to another one. */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description At most 256 pixels at its longer side. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/webp": string;
                };
            };
            /** @description It is what `If-None-Match` names. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It cannot be answered now; ask again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What was asked cannot be answered so. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getPreview: {
        parameters: {
            query?: {
                /** @description At most, in pixels. */
                width?: number;
                /** @description Its `version`; then it may be kept for good. */
                v?: string;
            };
            header?: never;
            path: {
                /** @description Name of a collection, as `/collections` lists it. */
                collection: string;
                /** @description Id of an image. Never given to another one. */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Upright, not enlarged. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/webp": string;
                };
            };
            /** @description It is what `If-None-Match` names. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It cannot be answered now; ask again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What was asked cannot be answered so. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getOriginal: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of a collection, as `/collections` lists it. */
                collection: string;
                /** @description Id of an image. Never given to another one. */
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/*": string;
                };
            };
            /** @description The part that `Range` asks for. */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/*": string;
                };
            };
            /** @description It is what `If-None-Match` names. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It cannot be answered now; ask again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What was asked cannot be answered so. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getFacets: {
        parameters: {
            query?: {
                filter?: string;
                /** @description Names with commas between. Default: label, split, format, and metadata of few values. */
                fields?: string;
                limit?: number;
            };
            header?: never;
            path: {
                /** @description Name of a collection, as `/collections` lists it. */
                collection: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How many images have which values, of those that meet a filter. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Facets"];
                };
            };
            /** @description It cannot be answered now; ask again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What was asked cannot be answered so. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    search: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of a collection, as `/collections` lists it. */
                collection: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SearchRequest"];
                "multipart/form-data": {
                    query: components["schemas"]["SearchRequest"];
                } & {
                    [key: string]: string;
                };
            };
        };
        responses: {
            /** @description What was found, the most like first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SearchResponse"];
                };
            };
            /** @description It cannot be answered now; ask again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What was asked cannot be answered so. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMap: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of a collection, as `/collections` lists it. */
                collection: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Clusters and outliers, as the last job `map` found them. Where images are on it, `…/map/points` says. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CollectionMap"];
                };
            };
            /** @description It cannot be answered now; ask again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What was asked cannot be answered so. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMapPoints: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of a collection, as `/collections` lists it. */
                collection: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The points. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.apache.arrow.stream": string;
                };
            };
            /** @description They are what `If-None-Match` names. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It cannot be answered now; ask again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What was asked cannot be answered so. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getEvaluation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of a collection, as `/collections` lists it. */
                collection: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How well near images have the same label, each looked for among all others; as the last job `evaluate` found it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EvaluationSummary"];
                };
            };
            /** @description It cannot be answered now; ask again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What was asked cannot be answered so. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getConfusion: {
        parameters: {
            query: {
                /** @description Label of the images. */
                of: string;
                /** @description Label of the ones nearest to them. */
                as: string;
                offset?: number;
                limit?: number;
            };
            header?: never;
            path: {
                /** @description Name of a collection, as `/collections` lists it. */
                collection: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The images behind a cell of the confusion matrix, those with the highest score first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConfusionPairs"];
                };
            };
            /** @description It cannot be answered now; ask again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What was asked cannot be answered so. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getModel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of a collection, as `/collections` lists it. */
                collection: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The model of a collection, and what made it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelDetails"];
                };
            };
            /** @description It cannot be answered now; ask again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What was asked cannot be answered so. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    startJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of a collection, as `/collections` lists it. */
                collection: string;
            };
            cookie?: never;
        };
        /** @description What is to be done. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["JobRequest"];
            };
        };
        responses: {
            /** @description Long work on a collection. */
            202: {
                headers: {
                    /** @description Address of the job. */
                    location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description It cannot be answered now; ask again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What was asked cannot be answered so. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listJobs: {
        parameters: {
            query?: {
                collection?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Jobs, the newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobList"];
                };
            };
            /** @description It cannot be answered now; ask again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What was asked cannot be answered so. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Long work on a collection. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description It cannot be answered now; ask again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What was asked cannot be answered so. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listJobFailures: {
        parameters: {
            query?: {
                offset?: number;
                limit?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Files that a job could not use. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobFailures"];
                };
            };
            /** @description It cannot be answered now; ask again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What was asked cannot be answered so. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Long work on a collection. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description It cannot be answered now; ask again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What was asked cannot be answered so. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retryJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Long work on a collection. */
            202: {
                headers: {
                    /** @description Address of the job. */
                    location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            /** @description It cannot be answered now; ask again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What was asked cannot be answered so. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    watchJobs: {
        parameters: {
            query?: {
                collection?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Server-sent events `job`, whose data are a `Job` as JSON: at first how each is, then each change, at most five a second. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description It cannot be answered now; ask again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What was asked cannot be answered so. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    watchJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Server-sent events `job`, whose data are a `Job` as JSON: at first how each is, then each change, at most five a second. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description It cannot be answered now; ask again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What was asked cannot be answered so. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDuplicates: {
        parameters: {
            query?: {
                kind?: "exact" | "near" | "all";
                /** @description `open`: groups with an image that nothing was decided of. */
                decided?: "all" | "open" | "decided";
                offset?: number;
                limit?: number;
            };
            header?: never;
            path: {
                /** @description Name of a collection, as `/collections` lists it. */
                collection: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Groups of copies, as the last job `duplicates` found them. Images that are gone since are left out. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DuplicatesPage"];
                };
            };
            /** @description It cannot be answered now; ask again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What was asked cannot be answered so. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    decideDuplicates: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of a collection, as `/collections` lists it. */
                collection: string;
            };
            cookie?: never;
        };
        /** @description What is decided of some images. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["Decisions"];
            };
        };
        responses: {
            /** @description How many images that was. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImagesChanged"];
                };
            };
            /** @description It cannot be answered now; ask again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What was asked cannot be answered so. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listTrash: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of a collection, as `/collections` lists it. */
                collection: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What was moved to the trash, the newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrashList"];
                };
            };
            /** @description It cannot be answered now; ask again after `Retry-After` seconds. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What was asked cannot be answered so. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
