use proptest::prelude::*;

use super::*;

/// The leaves of the reference implementation of RFC 6962
/// (certificate-transparency, `merkletree/`).
const LEAVES: [&str; 8] = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
];

/// The roots over the first one, two and so on.
const ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn octets(hex: &str) -> Vec<u8> {
    let digits: Vec<char> = hex.chars().collect();
    let pairs = digits.chunks(2).map(|pair| pair.iter().collect::<String>());
    pairs
        .map(|pair| u8::from_str_radix(&pair, 16).unwrap())
        .collect()
}

fn reference_leaves() -> Vec<Digest> {
    LEAVES.iter().map(|data| leaf(&octets(data))).collect()
}

/// The definition itself, word for word (RFC 6962 section 2.1).
fn naive_root(leaves: &[Digest]) -> Digest {
    match leaves {
        [] => empty_root(),
        [one] => *one,
        many => {
            let (left, right) = many.split_at(many.len().next_power_of_two() / 2);
            node(&naive_root(left), &naive_root(right))
        }
    }
}

/// The audit path by its definition (RFC 6962 section 2.1.1).
fn naive_path(index: usize, leaves: &[Digest]) -> Vec<Digest> {
    if leaves.len() == 1 {
        return Vec::new();
    }
    let middle = leaves.len().next_power_of_two() / 2;
    let (left, right) = leaves.split_at(middle);
    let (mut path, sibling) = if index < middle {
        (naive_path(index, left), naive_root(right))
    } else {
        (naive_path(index - middle, right), naive_root(left))
    };
    path.push(sibling);
    path
}

/// The consistency proof by its definition (RFC 6962 section 2.1.2).
fn naive_consistency(from: usize, leaves: &[Digest], whole: bool) -> Vec<Digest> {
    if from == leaves.len() {
        return if whole {
            vec![]
        } else {
            vec![naive_root(leaves)]
        };
    }
    let middle = leaves.len().next_power_of_two() / 2;
    let (left, right) = leaves.split_at(middle);
    if from <= middle {
        let mut path = naive_consistency(from, left, whole);
        path.push(naive_root(right));
        path
    } else {
        let mut path = naive_consistency(from - middle, right, false);
        path.push(naive_root(left));
        path
    }
}

fn grown(leaves: &[Digest]) -> Edge {
    let mut edge = Edge::default();
    for leaf in leaves {
        edge.push(*leaf);
    }
    edge
}

fn hashes(plan: &[Vec<Subtree>], leaves: &[Digest]) -> Vec<Digest> {
    let range = |subtree: &Subtree| {
        let (first, end) = (subtree.begin(), subtree.end());
        naive_root(&leaves[usize::try_from(first).unwrap()..usize::try_from(end).unwrap()])
    };
    plan.iter()
        .map(|peaks| root_of(&peaks.iter().map(range).collect::<Vec<_>>()).unwrap())
        .collect()
}

fn some_leaves(count: u64) -> Vec<Digest> {
    (0..count).map(|n| leaf(&n.to_be_bytes())).collect()
}

fn size_of(leaves: &[Digest]) -> u64 {
    u64::try_from(leaves.len()).unwrap()
}

#[test]
fn the_roots_are_those_of_the_reference_implementation() {
    let leaves = reference_leaves();
    for (size, root) in (1..).zip(ROOTS) {
        assert_eq!(grown(&leaves[..size]).root().to_string(), root, "{size}");
    }
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(Edge::default().root().to_string(), empty);
}

/// Paths of the reference implementation.
#[test]
fn the_paths_are_those_of_the_reference_implementation() {
    let leaves = reference_leaves();
    let paths = hashes(&inclusion(0, 8).unwrap(), &leaves);
    let texts: Vec<_> = paths.iter().map(Digest::to_string).collect();
    assert_eq!(
        texts,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ]
    );
}

#[test]
fn the_hash_of_a_leaf_is_never_the_hash_of_a_node() {
    let (left, right) = (leaf(b"1"), leaf(b"2"));
    let both = [left.as_bytes().as_slice(), right.as_bytes()].concat();
    assert_ne!(leaf(&both), node(&left, &right));
}

#[test]
fn there_is_no_proof_for_what_is_not_there() {
    assert_eq!(inclusion(3, 3), None);
    assert_eq!(inclusion(0, 0), None);
    assert_eq!(consistency(0, 3), None);
    assert_eq!(consistency(4, 3), None);
}

#[test]
fn each_completed_subtree_is_told_once() {
    let leaves = some_leaves(100);
    let mut edge = Edge::default();
    let told: Vec<_> = leaves.iter().flat_map(|leaf| edge.push(*leaf)).collect();
    let due: u64 = (1..7).map(|level| 100 >> level).sum();
    assert_eq!(size_of(&leaves), edge.size());
    assert_eq!(u64::try_from(told.len()).unwrap(), due);
    for (subtree, hash) in told {
        assert_eq!(hashes(&[vec![subtree]], &leaves), [hash], "{subtree:?}");
    }
}

#[test]
fn every_small_tree_agrees_with_the_definition() {
    let leaves = some_leaves(33);
    for size in 1..=leaves.len() {
        let leaves = &leaves[..size];
        let (root, count) = (naive_root(leaves), size_of(leaves));
        assert_eq!(grown(leaves).root(), root);
        for index in 0..size {
            let at = u64::try_from(index).unwrap();
            let path = hashes(&inclusion(at, count).unwrap(), leaves);
            assert_eq!(path, naive_path(index, leaves));
            assert!(is_included(&leaves[index], at, count, &path, &root));
        }
        for from in 1..=size {
            let old = naive_root(&leaves[..from]);
            let first = u64::try_from(from).unwrap();
            let path = hashes(&consistency(first, count).unwrap(), leaves);
            assert_eq!(path, naive_consistency(from, leaves, true));
            assert!(is_consistent((first, &old), (count, &root), &path));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_tree_may_grow_in_steps(first in 0_u64..600, more in 0_u64..600) {
        let leaves = some_leaves(first + more);
        let begun = grown(&leaves[..usize::try_from(first).unwrap()]);
        let peaks: Vec<Vec<Subtree>> = perfect(0, first).into_iter().map(|one| vec![one]).collect();
        let mut edge = Edge::of(first, &hashes(&peaks, &leaves)).unwrap();
        prop_assert_eq!(&edge, &begun);
        for leaf in &leaves[usize::try_from(first).unwrap()..] {
            edge.push(*leaf);
        }
        prop_assert_eq!(edge.root(), naive_root(&leaves));
    }

    #[test]
    fn a_path_proves_its_own_leaf_and_no_other(
        (size, index) in (1_u64..600).prop_flat_map(|size| (Just(size), 0..size)),
        other in any::<u64>(),
        bent in any::<prop::sample::Index>(),
    ) {
        let leaves = some_leaves(size);
        let root = naive_root(&leaves);
        let own = &leaves[usize::try_from(index).unwrap()];
        let mut path = hashes(&inclusion(index, size).unwrap(), &leaves);
        prop_assert!(is_included(own, index, size, &path, &root));
        prop_assert!(!is_included(&leaf(b"another"), index, size, &path, &root));
        let other = other % size;
        prop_assert_eq!(is_included(own, other, size, &path, &root), other == index);
        path.push(root);
        prop_assert!(!is_included(own, index, size, &path, &root));
        path.pop();
        if !path.is_empty() {
            *bent.get_mut(&mut path) = leaf(b"bent");
            prop_assert!(!is_included(own, index, size, &path, &root));
        }
    }

    #[test]
    fn a_consistency_proof_holds_for_its_own_beginning_and_no_other(
        (size, from) in (1_u64..600).prop_flat_map(|size| (Just(size), 1..=size)),
        bent in any::<prop::sample::Index>(),
    ) {
        let leaves = some_leaves(size);
        let root = naive_root(&leaves);
        let old = naive_root(&leaves[..usize::try_from(from).unwrap()]);
        let mut path = hashes(&consistency(from, size).unwrap(), &leaves);
        prop_assert!(is_consistent((from, &old), (size, &root), &path));
        prop_assert!(!is_consistent((from, &leaf(b"other")), (size, &root), &path));
        prop_assert!(!is_consistent((from, &old), (size, &leaf(b"other")), &path));
        if !path.is_empty() {
            *bent.get_mut(&mut path) = leaf(b"bent");
            prop_assert!(!is_consistent((from, &old), (size, &root), &path));
        }
    }
}
