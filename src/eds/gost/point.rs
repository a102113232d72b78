//! Points of a curve y² = x³ + ax + b and their addition.
//!
//! Sums are kept in Jacobian coordinates, (X : Y : Z) for (X/Z², Y/Z³), which need
//! no division. The formulas are those of the Explicit-Formulas Database
//! (dbl-2001-b, madd and add-1998-cmo-2); the cases they leave out, equal and
//! opposite points and the point at infinity, are decided before they are used,
//! because whoever makes a key and a signature can bring every one of them about.

use super::field::Element;

/// The coefficient a of the curve equation.
#[derive(Clone, Copy, Debug)]
pub(super) enum Coefficient<const N: usize, const C: u64> {
    /// p − 3, for which doubling saves a multiplication.
    MinusThree,
    /// Any other.
    General(Element<N, C>),
}

/// A point other than infinity by its two coordinates.
#[derive(Clone, Copy, Debug)]
pub(super) struct Affine<const N: usize, const C: u64> {
    pub(super) x: Element<N, C>,
    pub(super) y: Element<N, C>,
}

impl<const N: usize, const C: u64> Affine<N, C> {
    /// The point that adds up to infinity with this one.
    pub(super) const fn opposite(&self) -> Self {
        Self {
            x: self.x,
            y: self.y.negated(),
        }
    }

    pub(super) const fn satisfies(&self, a: &Coefficient<N, C>, b: &Element<N, C>) -> bool {
        let ax = match a {
            Coefficient::MinusThree => self.x.tripled().negated(),
            Coefficient::General(a) => a.times(&self.x),
        };
        let cubic = self.x.squared().times(&self.x).plus(&ax).plus(b);
        self.y.squared().equals(&cubic)
    }
}

/// Any point, infinity having Z = 0.
#[derive(Clone, Copy, Debug)]
pub(super) struct Jacobian<const N: usize, const C: u64> {
    x: Element<N, C>,
    y: Element<N, C>,
    pub(super) z: Element<N, C>,
}

impl<const N: usize, const C: u64> Jacobian<N, C> {
    /// The neutral element.
    pub(super) const INFINITY: Self = Self {
        x: Element::ONE,
        y: Element::ONE,
        z: Element::ZERO,
    };

    pub(super) const fn from_affine(point: &Affine<N, C>) -> Self {
        Self {
            x: point.x,
            y: point.y,
            z: Element::ONE,
        }
    }

    pub(super) const fn is_infinity(&self) -> bool {
        self.z.is_zero()
    }

    /// The coordinates, given 1/Z.
    pub(super) const fn scaled(&self, inverse_of_z: &Element<N, C>) -> Affine<N, C> {
        let square = inverse_of_z.squared();
        Affine {
            x: self.x.times(&square),
            y: self.y.times(&square).times(inverse_of_z),
        }
    }

    /// Whether this point has the abscissa `x`; infinity has none.
    pub(super) const fn has_abscissa(&self, x: &Element<N, C>) -> bool {
        !self.is_infinity() && x.times(&self.z.squared()).equals(&self.x)
    }

    /// The point added to itself. Infinity and the points of order two (Y = 0) have
    /// Z = 0 in the result without being treated apart.
    pub(super) const fn doubled(&self, a: &Coefficient<N, C>) -> Self {
        let y_squared = self.y.squared();
        let beta = self.x.times(&y_squared).doubled().doubled();
        let alpha = self.tangent(a);
        let x = alpha.squared().minus(&beta.doubled());
        let y_fourth = y_squared.doubled().squared().doubled();
        let y = alpha.times(&beta.minus(&x)).minus(&y_fourth);
        Self {
            x,
            y,
            z: self.y.times(&self.z).doubled(),
        }
    }

    /// The numerator of the tangent's slope, 3X² + aZ⁴.
    const fn tangent(&self, a: &Coefficient<N, C>) -> Element<N, C> {
        let z_squared = self.z.squared();
        match a {
            Coefficient::MinusThree => {
                let sum = self.x.plus(&z_squared);
                self.x.minus(&z_squared).times(&sum).tripled()
            }
            Coefficient::General(a) => {
                let constant = a.times(&z_squared.squared());
                self.x.squared().tripled().plus(&constant)
            }
        }
    }

    /// The sum with a point given by its coordinates, which saves five
    /// multiplications over [`Jacobian::plus`].
    pub(super) const fn plus_affine(&self, other: &Affine<N, C>, a: &Coefficient<N, C>) -> Self {
        if self.is_infinity() {
            return Self::from_affine(other);
        }
        let z_squared = self.z.squared();
        let own = Affine {
            x: self.x,
            y: self.y,
        };
        let other = Affine {
            x: other.x.times(&z_squared),
            y: other.y.times(&z_squared.times(&self.z)),
        };
        match chord(&own, &other, &self.z) {
            Some(sum) => sum,
            None => self.doubled(a),
        }
    }

    /// The sum of any two points.
    pub(super) const fn plus(&self, other: &Self, a: &Coefficient<N, C>) -> Self {
        if self.is_infinity() {
            return *other;
        }
        if other.is_infinity() {
            return *self;
        }
        let sum = chord(
            &self.over(&other.z),
            &other.over(&self.z),
            &self.z.times(&other.z),
        );
        match sum {
            Some(sum) => sum,
            None => self.doubled(a),
        }
    }

    /// X and Y with the denominator multiplied by `z`.
    const fn over(&self, z: &Element<N, C>) -> Affine<N, C> {
        let square = z.squared();
        Affine {
            x: self.x.times(&square),
            y: self.y.times(&square.times(z)),
        }
    }
}

/// The third intersection, mirrored, of the line through two points whose
/// coordinates are both written over the denominator `z`; none if the points are
/// equal and the line is not determined.
#[inline(always)]
const fn chord<const N: usize, const C: u64>(
    first: &Affine<N, C>,
    second: &Affine<N, C>,
    z: &Element<N, C>,
) -> Option<Jacobian<N, C>> {
    let run = second.x.minus(&first.x);
    let rise = second.y.minus(&first.y);
    if run.is_zero() {
        return if rise.is_zero() {
            None
        } else {
            Some(Jacobian::INFINITY)
        };
    }
    let run_squared = run.squared();
    let run_cubed = run_squared.times(&run);
    let shift = first.x.times(&run_squared);
    let x = rise.squared().minus(&run_cubed).minus(&shift.doubled());
    let y = rise
        .times(&shift.minus(&x))
        .minus(&first.y.times(&run_cubed));
    Some(Jacobian {
        x,
        y,
        z: z.times(&run),
    })
}
