// The disks of the page, compiled as the page is.

import init, { Disks, deleteDisks } from './disks/swap_playground_disk_bench.js';
import { PAGE } from './work.js';

let ready;

export class Ours {
    static title = 'our disks';

    static async open(name) {
        await (ready ??= init());
        const ours = new Ours();
        ours.name = name;
        ours.disks = await Disks.open(name);
        return ours;
    }

    async close() {
        this.disks.free();
        await deleteDisks(this.name);
    }

    /** Hands the requests over, before the time that counts: the machine has them on its side. */
    prepare({ batches }) {
        this.disks.forget();
        for (const batch of batches) {
            this.disks.beginBatch();
            for (const { disk, block, pages, data } of batch) {
                if (!data) {
                    this.disks.read(disk, block, pages);
                    continue;
                }
                const bytes = new Uint8Array(data.length * PAGE);
                data.forEach((page, i) => bytes.set(page, i * PAGE));
                this.disks.write(disk, block, bytes);
            }
        }
    }

    async run() {
        await this.disks.run();
        return (batch, request) => {
            const bytes = this.disks.result(batch, request);
            return (i) => bytes.subarray(i * PAGE, (i + 1) * PAGE);
        };
    }
}
